# What is said when something cannot be done: what happened, that nothing was lost, what to do
# next. The id is refusal- and the code.

refusal-person-bad-contact = That is neither an e-mail address nor a phone number. Please check it.
refusal-person-wrong-code = { $left ->
    [0] That is not the code, and there are no tries left. Please ask for a new one.
    [one] That is not the code. You have one more try.
   *[other] That is not the code. You have { $left } more tries.
}
refusal-person-code-expired = That code has expired or was used. Please ask for a new one and use the latest you get.
refusal-person-too-many-codes = Several codes were sent there already. Please use the latest one, or try again in { $minutes ->
    [one] a minute
   *[other] { $minutes } minutes
}.
refusal-person-too-many-tries = That code was tried too often and no longer works. Please ask for a new one.
refusal-person-wrong-password = The name or the password is wrong. Please check capitals and try again.
refusal-person-wrong-second-code = That code is wrong or was used already. Wait for the next one and try again.
refusal-person-sign-in-anew = That took too long, or it was done already. Please sign in again.
refusal-person-bad-passkey = This passkey could not be read, or it is for another shop. Please try again.
refusal-person-unknown-passkey = This passkey is not known here any more. Please sign in another way.
refusal-person-passkey-too-late = That took too long, or it was done already. Please try again.
refusal-person-passkey-taken = This passkey is somebody's already.
refusal-person-bad-passkey-name = Call it something of 1 to 60 letters.
refusal-person-too-many-passkeys = You have 20 passkeys. Remove one first.
refusal-person-no-passkeys-here = Browsers keep passkeys only for shops with a name under https.
refusal-person-weak-password = A password has 10 to 200 characters and is not your name.
refusal-person-taken = Somebody with this contact is on the staff already.
refusal-person-bad-name = A name has 1 to 40 characters, with at least one letter or digit.
refusal-person-bad-scope = Please choose at least one permission.
refusal-person-role-above-yours = Nobody gives, changes or takes away more than they may do themselves, and nobody changes their own role.
refusal-person-bad-role = A role needs a name of 1 to 60 characters and at least one permission.
refusal-person-role-name-taken = Another role has this name.
refusal-person-role-in-use = Somebody still has this role. Give them another one first.

refusal-catalog-bad-title = A title is needed, of 255 characters at most.
refusal-catalog-bad-handle = A handle has lower-case letters, digits and hyphens only.
refusal-catalog-handle-taken = Another product has this handle. Please choose another one.
refusal-catalog-bad-price = A price is an amount of 0 or more, such as 19.90.
refusal-catalog-bad-options = There can be 3 options of 100 values each, and no two variants alike.
refusal-catalog-bad-picture = This picture cannot be read or is too large. Please use JPEG, PNG or WebP.
refusal-catalog-not-for-sale = This product is not for sale at the moment. You were not charged; have a look at others.
refusal-catalog-no-such-category = There is no such category. Please choose another one.
refusal-catalog-not-a-product-file = That is not a product table. It should be a CSV file with a header that has at least Handle and Title (or the newer URL handle).

refusal-inventory-only-left = { $left ->
    [0] It has just sold out. You were not charged.
   *[other] Only { $left } left. You were not charged; please choose fewer.
}
refusal-inventory-bad-quantity = A quantity is 1 to 9,999; a stock correction is not 0.
refusal-inventory-no-reason = Please say why the stock is corrected, for whoever checks the books.

refusal-group-buy-not-running = This group buy has not begun, is paused or is over. You were not charged, and can still buy alone.
refusal-group-buy-buyers-only = Only people who bought here before can open a team. You can join somebody's team, or buy alone.
refusal-group-buy-new-customers-only = This team is for people who are new here. You were not charged, and can open a team of your own.
refusal-group-buy-too-many-per-order = This group buy allows { $most } in one order. Please choose fewer.
refusal-group-buy-too-many-per-person = This group buy allows { $most } for each person, counting what you have not paid yet.
refusal-group-buy-already-in = You are in this team already; there is no need to join again.
refusal-group-buy-full = Somebody just took the last place. You were not charged; open a new team or join another.
refusal-group-buy-not-open = This team is decided, so nobody can join any more. You were not charged; you can open a new one.
refusal-group-buy-too-late = This team's time is up. You were not charged; you can open a new one.
refusal-group-buy-not-in = You are not in this team.
refusal-group-buy-not-offered = This variant is not part of the group buy. Please choose another one, or buy alone.
refusal-group-buy-sold-out = { $left ->
    [0] What was set aside for the group buy has just run out. You were not charged, and can still buy alone.
   *[other] Only { $left } are left for the group buy. You were not charged; please choose fewer.
}
refusal-group-buy-bad-terms = { $which ->
    [need] A team has 2 to 100 people.
    [tiers] Each tier needs more people and takes more off than the one before, and never everything.
    [life] A team lives between 5 minutes and 7 days.
    [pay_window] The time to pay is between 1 and 60 minutes.
    [limits] Limits are 1 to 9,999, and no more per order than per person.
    [lowered_to] The lower number at the deadline is between 1 and one fewer than the team needs.
    [leader_off] What the opener saves is not negative, and less than the lowest group price.
   *[other] One of the settings is wrong. Please check it and save again.
}
refusal-group-buy-not-now = { $status ->
    [draft] The group buy is a draft. Publish it first.
    [scheduled] The group buy has not begun, so that cannot be done now.
    [running] The group buy is running, so that cannot be done now.
    [paused] The group buy is paused. Resume it first.
    [ended] The group buy is over and stays as it is. You can make a new one from its settings.
   *[other] The group buy is in a state in which that cannot be done.
}

refusal-order-not-now = { $status ->
    [pending_payment] The order is not paid yet, so that cannot be done now.
    [paid] The order was just paid and is being seen to. Please try again in a moment.
    [awaiting_team] The order waits for its team, so that cannot be done now.
    [awaiting_taker] The order is a gift nobody has taken yet, so that cannot be done now.
    [to_ship] The order is being packed, so that cannot be done now.
    [shipped] The order is on its way, so that cannot be done now.
    [delivered] The order was delivered, so that cannot be done now.
    [completed] The order is completed and stays as it is.
    [cancelled] The order was cancelled, and nothing was charged.
    [refunding] The order is being refunded. Please wait for that to finish.
    [refunded] The order was refunded in full.
    [late_paid] The money came too late and is on its way back to you.
   *[other] The order is in a state in which that cannot be done.
}
refusal-order-nothing-to-order = Your cart is empty. Choose something you like first.
refusal-order-price-changed = A price changed while you were looking. Nothing was ordered or charged; please look at the new price.
refusal-order-bad-address = The address lacks something or has a mistake. Please check what is marked.
refusal-order-bad-shipping = That way of shipping is not available. Please choose another one.
refusal-order-bad-tracking = A tracking number has 4 to 60 letters, digits or hyphens.
refusal-order-awaits-taker = This order is a gift that nobody has taken yet. It can be sent when somebody said where it goes.
refusal-gift-bad-wish = A card has up to 200 characters, and a gift waits for an hour to fifteen days.
refusal-gift-own-gift = This gift is yours to give. Send its link to a friend.
refusal-gift-taken = Somebody else was first and has this gift.
refusal-gift-yours-already = You have this gift already.
refusal-gift-over = This gift went back: nobody took it in time, or its giver thought again.
refusal-gift-not-a-gift = This cannot be bought as a gift.
refusal-gift-not-offered = The shop sends no gifts at the moment.
refusal-order-awaits-team = This order waits for its team and cannot be cancelled by itself. You can leave the team and get all your money back.
refusal-order-note-too-long = A note has 500 characters at most.

refusal-delivery-bad-method = A way to ship needs a code of 2 to 30 small letters, digits or hyphens, a name, and at least one rate. Its kind stays.
refusal-delivery-bad-rate = Something in a rate cannot be: its areas, its steps or an amount.
refusal-delivery-code-taken = Another way to ship has this code.
refusal-delivery-bad-point = A place needs a name and an address, each of 200 characters at most.
refusal-delivery-too-many = There can be 50 at most.
refusal-price-bad-list = A price list needs a name of 60 characters at most, an end after its beginning, and percentages of 0.01 to 100 from 1 to 9999 pieces. While it has fixed prices its currency stays.
refusal-price-bad-price = Something in a price cannot be: the goods, the quantity (1 to 9999) or the amount.
refusal-price-bad-group = A group needs a name of 60 characters at most and a level of 0 to 1000.
refusal-price-bad-tax = Something about tax cannot be: an area such as CN, US/CA or *, a postcode, or a rate of 0 to 100 %.
refusal-price-bad-currency = A currency is named once and is not the shop’s own; its rate is a number such as 0.1389, its rounding at least 1.
refusal-price-bad-file = This is no file of prices: it needs the columns sku or variant, and price, and 2 MB at most.
refusal-price-name-taken = Another one has this name.
refusal-price-too-many = There are too many of them already. Please remove one first.
refusal-price-group-in-use = A price list is for this group. Change the list first.
refusal-price-list-in-use = Orders or the price history name this list, so it is kept. Switch it off instead.
refusal-price-no-such-person = Nobody here has this e-mail address, phone number or id.
refusal-price-no-such-goods = No goods have this SKU, handle or id.
refusal-price-not-in-currency = “{ $title }” is not for sale in the currency you chose. Nothing was ordered; choose another currency.
refusal-address-too-many = An address book holds { $most } addresses at most.
refusal-order-not-delivered = We do not deliver to this address.
refusal-order-card-too-long = A card holds 300 characters.
refusal-order-partly-shipped = Parcels of this order are on their way, so it cannot be ended as a whole.
refusal-order-bad-parcel = Something in the parcel is wrong: no more than is left can be in it.
refusal-order-no-such-pickup = No order waits for this code, or it was fetched already.
refusal-search-bad-synonyms = Two to twenty words or phrases of 40 characters at most are needed.
refusal-search-too-many = There can be { $most } groups of words at most.
refusal-return-not-now = { $status ->
    [requested] This return waits for the shop’s answer.
    [approved] This return is agreed already, and the money is on its way.
    [refused] This return was refused. The buyer may take it to the owner.
    [escalated] This return is for the owner to decide.
    [awaiting_return] This return waits for the goods to be sent back.
    [returned] The goods of this return are on their way back.
    [received] The goods of this return are here already.
    [refunded] The money of this return is back already.
    [replaced] Other goods were sent for this return already.
    [closed] This return is closed.
    [withdrawn] The buyer took this return back.
   *[other] This return cannot do that now.
}
refusal-return-not-returnable = { $status ->
    [pending_payment] This order is not paid yet; it can be cancelled.
    [awaiting_team] This order waits for its team; you can leave the team and get all your money back.
    [to_ship] This order is not shipped yet; it can be cancelled as a whole.
    [refunding] The money of this order is on its way back already.
    [refunded] The money of this order is back already.
   *[other] Nothing of this order can be returned now.
}
refusal-return-too-late = The days for this are over. If something is wrong with the goods, choose what it is; otherwise please write to the shop.
refusal-return-no-lines = Choose which goods it is about, and how many.
refusal-return-only-left = { $left ->
    [0] All of this was asked for already. Nothing was changed.
   *[other] Only { $left } of this were not asked for yet. Nothing was changed.
}
refusal-return-bad-amount = That amount is nothing, or more than these goods really cost.
refusal-return-bad-reason = This reason does not go with what you would like. Please choose another one.
refusal-return-bad-text = Please say in a few words what is wrong, in at most 1,000 characters.
refusal-return-bad-pictures = Up to six pictures, as JPEG, PNG or WebP, of at most 8 MB each.
refusal-return-bad-exchange = That cannot be sent instead. Choose one of the same goods and price that is in stock.
refusal-return-no-reason = Say why in a few words; the buyer reads it.
refusal-return-no-address = Say in the settings first where goods are sent back to.
refusal-return-bad-count = Count every unit once: it can be sold again, or it cannot.
refusal-return-still-open = A return of this order is open. Finish it first; nothing was changed.

refusal-payment-not-payable = { $status ->
    [cancelled] The order was cancelled, so there is nothing to pay. Please order again if you still want it.
    [pending_payment] It cannot be paid just now. Please refresh the page and try again.
   *[other] The order is paid already; you will not be charged twice.
}
refusal-payment-bad-signature = The notice's signature is wrong. It was not taken.
refusal-payment-bad-notice = The notice cannot be read. It was not taken.
refusal-payment-provider-down = The payment provider does not answer. Your order is kept and nothing was charged twice; please try again in a while.

refusal-share-bad-code = This link is cut short or no longer works. Ask your friend to send it again, or just look around.

refusal-webhook-bad-url = The address must be https and on the public network, such as https://erp.example/hooks, and nothing was changed.
refusal-webhook-url-taken = There is an endpoint with this address already. Change that one, or give this one another address.
refusal-webhook-no-such-event = There is no event of that name. The names are in the reference of events.
refusal-webhook-bad-description = That is too long: 200 characters at most.
refusal-webhook-too-many = There are { $most } endpoints, as many as there may be. Remove one first.
refusal-webhook-is-off = The endpoint is off, so nothing was sent. Switch it on first.
refusal-webhook-too-many-again = That is more than { $most } events at once, so none was asked for again. Choose a later moment.

refusal-ledger-unbalanced = The entry does not balance, so it was not booked.
refusal-ledger-below-floor = There is not enough in the account, so nothing was booked.
refusal-ledger-hold-spent = What was held has been used or released, so nothing was booked again.

refusal-not-found = What you are looking for is not here. It may be gone, or the link is cut short.
refusal-sign-in-first = Please sign in first; you will come back here.
refusal-forbidden = You are not allowed to do this. Ask the owner if you should be.
refusal-stale = Somebody changed this after you opened it. Yours is not saved yet: refresh, and change it again.
refusal-idempotency-missing = This request has a real effect: send an Idempotency-Key with it.
refusal-idempotency-malformed = An Idempotency-Key is 16 to 255 visible characters.
refusal-idempotency-reused = This Idempotency-Key came with another request. Please use a new one.
refusal-too-many = That was too often. Please wait a little and try again.
refusal-unavailable = We are busy and changed nothing. Please try again in a little while.
refusal-broken = Something broke on our side, and it was noted. You may try again; if that does not help, tell us the number on the page.

refusal-inventory-bad-file = This file cannot be read. It needs the columns variant or sku, and available.
refusal-order-bad-price = That price cannot be: an order costs something, and no line less than nothing.
refusal-order-in-team = A group buy sets the price and goods of this order, so they cannot be changed here.
refusal-order-all-out = Nothing would be left. Refund the whole order instead.
refusal-order-bad-line = No more than what is still waiting to be sent can be changed.
refusal-order-bad-swap = Only a variant of the same product and price that is on sale can be sent instead.
refusal-order-dearer = It costs more there, and it is paid already. Save without the new fee, or make another order for the difference.
refusal-order-being-paid = Somebody is paying it just now. Please try again in a moment.
refusal-order-no-reason = Please say why, in 200 characters at most.
refusal-order-bad-note = A note has 1 to 2,000 characters.
refusal-order-bad-tag = A tag is one word of at most 40 characters; an order has at most 20.
refusal-order-bad-view = A view needs a name of at most 60 characters.
refusal-order-too-many = Choose at least one, and at most { $most }.
refusal-order-bad-file = This file cannot be read. It needs rows of order, carrier and tracking number.
refusal-draft-done = This draft was sent or put away already.
refusal-draft-bad-lines = A draft needs 1 to 100 lines of 1 to 9,999 units.
refusal-draft-bad-discount = What a line is cheaper by needs a reason and is no more than it costs.
refusal-draft-no-customer = Please say who buys it: an e-mail address or phone.
refusal-draft-bad-time = It can be paid for within 1 hour to 30 days.
refusal-draft-kept-from-ordering = This customer is kept from ordering. Lift that on their page first.
refusal-payment-no-such-method = This way to pay is not offered for this order. Please choose another.
refusal-payment-no-proof = Please say what proves it, such as the number of the transfer (at most 120 characters).
refusal-payment-no-how = Please tell buyers how to pay, in at most 1,000 characters.
refusal-payment-bad-days = Goods can be kept for 1 to 30 days.
refusal-payment-not-due = { $due } is due for this order, no more and no less.
refusal-wallet-other-currency = This order is in { $currency }, and your wallet holds none of it. Please pay for it in another way.
refusal-wallet-not-enough = There is only { $left } left.
refusal-wallet-bad-amount = Please enter an amount that is neither nothing nor too much.
refusal-wallet-over-limit = That would be more than may lie in one wallet. { $room } more can be topped up.
refusal-wallet-not-offered = Wallets cannot be topped up here.
refusal-wallet-nothing-left = Nothing of it is left to go back.
refusal-wallet-no-reason = Please say why, in at most 200 characters.
refusal-point-not-enough = Only { $left } points can be spent.
refusal-point-bad-amount = Please enter a number of points that is neither nothing nor too much.
refusal-point-too-few = At least { $least } points are spent at once.
refusal-point-not-here = Points are not taken for this order.
refusal-point-bad-terms = Please look at the numbers: each is one or more.
refusal-point-no-reason = Please say why, in at most 200 characters.
refusal-level-bad-count = A ladder has one to twenty levels.
refusal-level-bad-from = The first level begins at 0, and each later one above the one before.
refusal-level-bad-boost = Points are multiplied by 1 to 10, and by no less than one level below.
refusal-level-bad-name = A level has a name of at most 40 characters.
refusal-level-no-such-group = There is no such group of customers.
refusal-check-in-already = You have checked in today: { $streak } in a row.
refusal-task-not-done = { $left } to go before it can be taken.
refusal-task-claimed = You have taken it already.
refusal-task-too-late = Its time is over.
refusal-content-bad-slug = An address has 1 to 60 small letters, digits and hyphens.
refusal-content-slug-taken = Another page has this address.
refusal-content-bad-title = A title has 1 to 120 characters.
refusal-content-too-long = This text is too long.
refusal-content-bad-link = A link begins with / or with https://.
refusal-content-bad-from = An old address begins with / and is none of the shop’s own pages.
refusal-content-loop = That would lead back to itself.
refusal-content-bad-colour = A colour is # and six digits, such as #1f8a70.
refusal-content-bad-part = This part is there already, or lacks its category or words.
refusal-letter-not-by-this = A letter of this kind does not go by that channel, and nothing was changed.
refusal-letter-no-such-field = This letter knows nothing called { $name }, so nothing was changed. What it may name is listed beside the words.
refusal-letter-open-brace = A brace has no other one, so nothing was changed. Write two where you mean one.
refusal-letter-no-subject = A subject is needed.
refusal-letter-no-body = Words are needed, in plain text.
refusal-letter-too-long = That is too long: { $most } characters at most.
refusal-letter-locked = This cannot be switched off, and nothing was changed.
refusal-letter-bad-link = This link is not one of ours, or was cut short. Open it from the letter again.
refusal-letter-not-carried = Nothing carries this yet, so nothing was sent. Set up mail or a gateway first, and an address of your own.
refusal-letter-not-again = It is on its way, or has been sent.
refusal-invoice-not-offered = This shop issues no invoices here.
refusal-invoice-not-paid = An invoice can be asked for once the order is paid.
refusal-invoice-awaits-team = The team is not complete yet. The invoice is issued when it is.
refusal-invoice-nothing-left = There is nothing left to invoice.
refusal-invoice-already-asked = An invoice is asked for already.
refusal-invoice-already-issued = The invoice is issued already.
refusal-invoice-not-now = It stands elsewhere by now. Please load the page anew.
refusal-invoice-bad-title = Please enter the name on the invoice, at most 100 characters.
refusal-invoice-bad-tax-number = This is no tax number: please check the unified social credit code, or the VAT number with its country.
refusal-invoice-bad-address = The address is too long: at most 200 characters.
refusal-invoice-no-reason = Please say why, in at most 200 characters.
refusal-invoice-bad-seller = What is said of the seller is too long.
refusal-invoice-bad-prefix = At most ten capital letters, digits or hyphens, and no digit at the end.
refusal-invoice-too-many = 1 to { $most } can be issued at once.
refusal-legal-empty = Please write something.
refusal-legal-too-long = The text is too long.
refusal-legal-bad-licence = Please check this: it is too long, or no link.
refusal-seller-bad-name = Please give the seller a name of at most 60 letters.
refusal-seller-bad-handle = A short name has small letters, digits and hyphens.
refusal-seller-handle-taken = Another seller has this short name.
refusal-seller-bad-commission = A commission is between 0 and 100 percent.
refusal-seller-no-licence = Please say who sells, in at most 300 letters: buyers must be able to read it.
refusal-seller-bad-receiver = Please check what the provider calls the seller.
refusal-seller-several-sellers = These goods are of several sellers. Please order each seller’s by themselves.
refusal-seller-ordered = This product was ordered already and stays its seller’s.
refusal-seller-in-campaign = A campaign of the shop offers this product. It can change hands when that is over.
refusal-seller-month-not-over = This month is not over yet.
refusal-seller-earlier-month = An earlier month was not settled yet.
refusal-campaign-not-now = { $status ->
    [draft] The campaign is a draft. Check and launch it first.
    [checked] The campaign was checked and is not launched yet.
    [scheduled] The campaign has not begun, so that cannot be done now.
    [running] The campaign is running, so that cannot be done now.
    [paused] The campaign is paused. Resume it first.
    [ended] The campaign is over. Copy it to do it again.
   *[evaluated] The campaign is over and evaluated, and stays as it is. Copy it to do it again.
}
refusal-campaign-bad-frame = { $which ->
    [title] Please give the campaign a name of at most 120 characters.
    [dates] The end comes after the start, and within a year.
    [goals] Please set one to five goals, each above nothing.
    [audience] Please choose whom the campaign is for.
    [limits] Limits are one or more; for all who share a device no fewer than for one person, and in a day no more.
    [budget] Please set a budget above nothing, in the shop’s currency or in points.
    [holdout] At most half of the audience can be held out.
   *[channels] Please choose one channel or more.
}
refusal-campaign-bad-list = A list needs a name of 60 characters at most.
refusal-campaign-bad-people = Please give one to 2000 lines, each an e-mail address, a phone number or an id.
refusal-campaign-list-in-use = A campaign that is not over is for this list.
refusal-campaign-unknown-goods = No goods are sold under “{ $name }”.
refusal-campaign-bad-terms = { $which ->
    [offered] Name goods, each variant once, fifty at most.
    [one_product] A team buys one thing, of which there may be several variants.
    [sellers_goods] One of these is a seller’s. The shop’s campaigns offer the shop’s own goods.
    [quota] 1 to 1,000,000 are set aside.
    [price] The price in it is below the ordinary one, and not negative.
    [creative] Its words are 2,000 characters at most.
    [mechanic] Another way to win is another campaign.
    [slots] At most 24 slots, each after the one before.
    [limits] No more per order than per person, 1 to 9,999.
    [pay_window] The time to pay is too short or too long.
    [preheat] It is announced seven days before at most.
    [cuts] 2 to 200 cuts, of one minor unit at least.
    [new_takes] Somebody new takes 1 to 5 cuts, and fewer than all.
    [helper] A person helps once at least, and no more in a day than in all.
    [life] The time it has is too short or too long.
    [quantity] 1 to 99 units.
    [steps] One to five steps, each with more friends and a reward.
    [reward] A reward is not negative, and there is one.
    [days] 1 to 31 days, not all of them for nothing.
    [bonuses] At most ten bonuses, of different streaks from two days up.
    [tasks] 1 to 20 tasks, each of 1 to 100 deeds for 1 to 100,000 points.
    [deed] The shop does not hear of one of these deeds.
    [items] 1 to 100 things to be had.
    [points] Everything has its price in points.
    [per_person] One at least for each person.
    [stock] Goods need a number.
    [money] The money besides cannot be that.
   *[other] This setting cannot be: { $which }.
}
refusal-campaign-not-lawful = The check found something that stands in the way. Please mend or answer it first.
refusal-campaign-not-funded = The budget is not reserved yet.
refusal-campaign-not-stocked = There is not enough stock to set aside.
refusal-campaign-too-late = The campaign’s time is over.
refusal-campaign-still-waiting = { $count } rewards still wait for what they depend on.
refusal-campaign-frozen = After the start this changes only in shoppers’ favour: { $field ->
    [starts] the start
    [ends] the end
    [budget] the budget
    [per_person] how often each person can take part
    [per_cluster] how often a household can take part
    [per_day] the number a day
    [total] the number in all
    [audience] for whom it is
    [holdout] how many are held out
    [combines] what it goes together with
    [price] prices
    [threshold] what has to be done for it
    [reward] rewards
    [prize_stock] numbers of prizes
    [prize_weight] chances of prizes
    [window] the time people have
    [method] how it is won
    [rules] its rules
    [title] the name
    [picture] words and picture
   *[channels] where sharing is rewarded (it can only be switched off)
}.
refusal-campaign-not-running = This is not on at the moment. Nothing was taken from you.
refusal-campaign-not-for-you = This is for others. You can see whom it is for in its rules.
refusal-campaign-limit-person = You have taken part as often as one person can: { $most } times.
refusal-campaign-limit-today = That was all for today: { $most } times a day. Come back tomorrow.
refusal-campaign-limit-shared = Together with others who share your device or address, all { $most } times are used.
refusal-campaign-silent = What is opened in { $channel ->
        [wechat] WeChat
        [weibo] Weibo
        [douyin] Douyin
       *[xiaohongshu] Xiaohongshu
    } is not rewarded; you have lost nothing. Open this page in your browser to take part.
refusal-campaign-limit-total = All { $most } are gone.
refusal-campaign-not-answerable = This can only be mended.
refusal-campaign-bad-ground = This rule does not know that ground.
refusal-campaign-no-evidence = Please say what shows it: one to twenty entries.
refusal-reward-only-left = Only { $left } can still be promised.
refusal-reward-bad-amount = That amount cannot be a reward.
refusal-reward-closed = This campaign gives nothing more.
refusal-reward-other-amount = This reward was promised with another amount.
refusal-reward-not-now = The reward is in a state in which that cannot be.
refusal-promotion-bad-settings = That cannot be a promotion: please check its dates, steps, goods and price.
refusal-coupon-not-now = This coupon cannot be taken just now.
refusal-coupon-all-taken = All of these coupons are taken.
refusal-coupon-enough-for-person = Each person may take { $most } of these.
refusal-coupon-enough-for-household = One household may take { $most } of these together.
refusal-coupon-not-for-you = This coupon is for others.
refusal-coupon-not-held = This coupon was used already, or is not there any more.
refusal-coupon-too-early = This coupon cannot be used yet.
refusal-coupon-expired = This coupon has expired.
refusal-coupon-other-currency = This coupon is for orders in { $currency }.
refusal-coupon-no-match = This coupon is not for these goods.
refusal-coupon-below-threshold = This coupon needs goods for more: { $missing } are missing.
refusal-coupon-not-together = These coupons do not go together.
refusal-coupon-nothing-left = There is nothing left for this coupon to take off.
refusal-coupon-bad-code = That is not a code of ours, or it was used already. Please check it.
refusal-coupon-bad-template = That cannot be a coupon: please check what it gives, from when until when, and how many there are.
refusal-coupon-bad-file = That file cannot be read, or has too many codes.
refusal-coupon-in-use = People hold this coupon already: what it gives cannot change any more. Make another one.
refusal-coupon-link-taken = Another coupon has this link.
refusal-order-no-points = These points cannot be spent here.
refusal-assist-own = This is your own. Send it to friends: they can help.
refusal-assist-already-helped = You have helped here already. Thank you!
refusal-assist-expired = The time for helping is over.
refusal-assist-done = Everything is unlocked already.
refusal-assist-new-customers-only = Only people who have never bought here can help with this one.
refusal-assist-buyers-only = Only people who have bought here can help with this one.
refusal-assist-enough-help = One person can help { $most } times in this campaign.
refusal-assist-same-cluster = Somebody on this device or at this address takes part already.
refusal-invite-oneself = Nobody can invite themselves.
refusal-invite-not-new = Invitations are for people who are new here.
refusal-invite-already-invited = You have taken an invitation already.
refusal-invite-circle = Whom you brought cannot invite you.
refusal-flash-sale-not-yet = It has not begun yet.
refusal-flash-sale-over = This flash sale is over.
refusal-flash-sale-too-many-per-order = At most { $most } in one order.
refusal-flash-sale-too-many-per-person = { $left ->
    [0] You have as many of this sale as one person may.
   *[other] You may have { $left } more of this sale.
}
refusal-flash-sale-sold-out = It is sold out.
refusal-flash-sale-only-left = Only { $left } are left.
refusal-flash-sale-queued = Those who wait are served first.
refusal-points-shop-sold-out = { $left ->
    [0] All of it is gone.
   *[other] Only { $left } are left.
}
refusal-points-shop-enough = A person may have { $most } of it.
refusal-points-shop-level-too-low = It is for higher levels.
refusal-points-shop-points-missing = { $missing } points are missing.
refusal-points-shop-bad-quantity = Please exchange one or more; coupons one at a time.
