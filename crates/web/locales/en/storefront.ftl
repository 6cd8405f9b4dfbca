# The storefront in English.

store-skip = Skip to content
store-nav-main = Main
store-nav-foot = About this shop
store-nav-home = Home
store-nav-discover = Discover
store-nav-teams = Teams
store-nav-inbox = Inbox
store-nav-me = Me
store-search = Search
store-search-hint = Search tea, bowls, snacks…
store-cart = Cart
store-close = Close
store-copy = Copy
store-copied = Copied
store-offline = You are off-line. What you typed is kept; try again when you are back.
store-foot-line = { $shop } runs on Pinwheel, open source, on its own server.
store-theme-system = Theme: system
store-theme-light = Theme: light
store-theme-dark = Theme: dark
store-see-all = See all
store-crumbs = Where you are
store-pictures = Pictures
store-days-short = { $n } d

store-home-promise = Good things, for less, together.
store-home-how = Open a team, invite friends, everyone pays the group price. If a team does not fill in time, everyone gets their money back.
store-home-join = { $n ->
    [0] See the teams
    [one] Join { $n } open team
   *[other] Join one of { $n } open teams
}
store-home-browse = Look around
store-home-nearly = Nearly there
store-home-kinds = Categories
store-home-new = New in
store-people-together = { $n } together
store-promises = What we promise
store-promise-refund = Refunded by itself
store-promise-refund-more = A team that does not fill is refunded in full, to where the money came from.
store-promise-real = Real people only
store-promise-real-more = We never invent members or hurry you with false counters.
store-promise-plain = Every sum explained
store-promise-plain-more = Tap any discount to see where it comes from.

store-alone = Alone
store-alone-short = alone
store-alone-line = Ships right away
store-together = { $n } together
store-together-line = { $n } people buy together within { $time } and each pays the group price. Not full in time: full refund.
store-rules-all = All rules
store-save = Save { $price }
store-sold-out = Sold out
store-stock-left = { $n } left
store-choose = Choose
store-quantity = Quantity
store-less = One less
store-more = One more
store-buy-alone = Buy alone
store-open-team-n = Open a team of { $n }
store-add-to-cart = Add to cart
store-story = The story
store-similar = You may also like
store-open-teams = { $n ->
    [one] { $n } team is open
   *[other] { $n } teams are open
}
store-missing-short = { $n ->
    [0] still open
   *[other] { $n } to go
}
store-time-left = Time left
store-join = Join
store-join-this = Join
store-asks = Likely questions
store-ask-full = What happens when the team is full?
store-ask-full-answer = Every order goes to packing at once. You get a note here, with the tracking number once it ships.
store-ask-fail = And if it does not fill?
store-ask-fail-answer = When time is over, every payer is refunded in full, automatically, to the original payment method.
store-ask-when = Can I leave a team?
store-ask-when-answer = Yes, as long as it is not full. You are refunded in full and your place is free again.

store-invites-you = { $name } invites you
store-missing-title = { $n ->
    [one] One more and it is a team
   *[other] { $n } more and it is a team
}
store-team-full = The team is complete
store-team-over = Time is over
store-team-failed = This team did not fill
store-team-failed-more = Everyone who paid has been refunded in full. Nobody lost anything.
store-you-are-in = You are in
store-you = You
store-opener = Opener
store-free-place = Free place
store-places-label = { $taken } of { $size } places taken
store-join-for = Join · { $price }
store-join-safe = You pay now. If the team does not fill, all of it comes back by itself.
store-invite-n = { $n ->
    [one] Invite one friend
   *[other] Invite { $n } friends
}
store-my-order = My order
store-open-own = Open my own team · { $price }
store-refunded-you = Your { $price } went back to where you paid from.
store-how = How it works
store-how-1 = Pay the group price to join or open a team of { $n }.
store-how-2 = Share the link. The team has { $time } to fill.
store-how-3 = Full: it ships. Not full: everyone is refunded in full.
store-rules = The rules in full
store-other-teams = Other open teams
store-share-title = Invite friends
store-share-preview = This is what your friends will see:
store-share-words = { $n } more and we get “{ $name }” for { $price } each. Join me!
store-share-link = Link to share
store-copy-link = Copy link
store-share-system = Share with an app…
store-qr-alt = QR code of the link
store-qr-hint = Or let a friend scan this
store-share-silent = Sharing within { $channel } is not rewarded here. Open this page in your browser to take part or to invite.
store-poster = Make a poster
store-poster-alt = Poster with a QR code of the link
store-poster-hold = Press and hold the picture to save it or send it on.
store-poster-save = Save the picture
store-poster-send = Send it
store-poster-scan = Scan to open
store-poster-failed = The poster could not be drawn. Please try again
store-poster-from = From { $name }

store-goods-count = { $n ->
    [one] { $n } product
   *[other] { $n } products
}
store-goods-sum = Goods
store-shipping = Delivery
store-shipping-later = at checkout
store-total = To pay
store-to-checkout = Check out
store-remove = Remove
store-cart-empty = Your cart is empty
store-cart-empty-more = What you put in it waits here, even before you sign in.
store-checkout = Checkout
store-checkout-team = You join { $name }’s team. After you, { $n ->
    [0] it is full
    [one] one more is missing
   *[other] { $n } more are missing
}.
store-address = Delivery address
store-receiver = Full name
store-phone = Phone
store-province = Province or state
store-city = City
store-delivery = Delivery
store-free = Free
store-pay-with = Pay with
store-p-sandbox = Sandbox Bank
store-p-sandbox-more = A pretend bank for trying things out
store-summary = Your order
store-group-saving = Campaign price
store-group-saving-why = Because this is its price in the campaign or the team.
store-checkout-safe = You can leave the team until it is full. Then all of it is refunded.
store-pay = Pay { $price }
store-paid-team = Paid. { $n ->
    [one] One more friend to go
   *[other] { $n } more friends to go
}
store-paid-team-more = We hold { $price } until the team is full. Send this link:
store-see-team = See the team

store-my-orders = My orders
store-filter = Show
store-tab-all = All
store-tab-unpaid = To pay
store-tab-team = Team is filling
store-tab-shipped = On the way
store-state-awaiting-team = Team is filling
store-state-awaiting-taker = Waiting for its taker
store-state-shipped = Shipped
store-state-completed = Completed
store-state-refunded = Refunded
store-confirm-receipt = I have received it
store-order = Order
store-step-paid = Paid
store-step-team = Team
store-step-shipped = Shipped
store-step-received = Received
store-history = What happened
store-paid-sum = Paid
store-teams-lead = Join people who are already buying. Closest to full first.
store-read-all = Mark all read
store-unread = (new)
store-my-teams = My teams
store-sign-out = Sign out
store-sign-in = Sign in
store-sign-in-lead = We send you a code. No password, and new here is just as well.
store-sign-in-to = E-mail or mobile number
store-send-code = Send me a code
store-demo-or = or, in this demo, be
store-cast-ann = shops
store-cast-bob = always joins
store-cast-eve = games the rules
store-cast-lin = leads a community
store-enter-code = Enter the code
store-code-sent = Sent to { $to }. It works for ten minutes.
store-code = Six digits
store-code-again = Send a new one
store-not-found = There is nothing at this address
store-not-found-more = It may have been taken down, or the link was cut short on its way to you.
store-go-home = To the shop

# Said by the pages.
store-all-goods = Everything
store-all-teams = All open teams
store-teams-title = Open teams
store-back = Back
store-buy-now = Buy now
store-cart-label = Cart, { $n ->
    [0] empty
    [one] { $n } item
   *[other] { $n } items
}
store-inbox-label = Inbox, { $n ->
    [0] nothing new
   *[other] { $n } new
}
store-code-digits = The code has six digits.
store-demo-code = This is a demo, so no message left the house. The code is { $code }.
store-go-on = Look around
store-home-together = Cheaper together
store-home-empty = The shelves are still empty
store-home-empty-more = Soon the first goods will stand here.
store-no-notices = Nothing here yet
store-no-notices-more = When a friend joins your team, or a parcel leaves, you read it here.
store-no-orders = No orders here
store-no-orders-more = What you buy is kept here, from payment to your door.
store-no-teams = No team is open right now
store-no-teams-more = Open the first one: choose something and ask your friends.
store-none-left = Sold out for now. Look at what is similar, further down.
store-not-signed-in = Hello
store-not-signed-in-more = Sign in to see your orders and teams. Looking around needs no account.
store-note = A note for the shop
store-nothing-found = Nothing found
store-nothing-found-more = Try fewer or other words, or look through everything.
store-pay-again = Try the payment again
store-place-held = paying…
store-profile = How others see you
store-reference = Reference
store-your-name = Your name
store-your-name-help = Shown to the people in your teams, and on links you share.
store-save-name = Save
store-saved = Saved.
store-see-teams = See open teams
store-share-product = Share
store-show-more = Show more
store-sign-in-to-wrong = Write an e-mail address or a mobile number.
store-the-goods = About the goods
store-update = Update
store-added = Added to your cart.
store-removed = Removed from your cart.
store-left-few = Only { $n } left
store-signed-in = Welcome, { $name }.
store-signed-out = Signed out.
store-received-thanks = Thank you. We have closed this order.
store-country = Country
store-district = District
store-place-choose = Choose…
store-place-other = Another: write it
store-place-lists = List its cities and districts
store-place-asked = { $place } is in { $there } as far as we know. Please choose again; if it is right as
    it stands, send it once more.
store-line1 = Street and number
store-line2 = Flat (if any)
store-postcode = Postcode (if any)
store-country-CN = China
store-country-HK = Hong Kong
store-country-SG = Singapore
store-country-JP = Japan
store-country-US = United States
store-country-GB = United Kingdom
store-country-DE = Germany
store-field-missing = Please fill in “{ $field }”.
store-free-from = Free from { $price }
store-leader-off = For opening the team
store-leader-off-why = The shop thanks whoever opens the team with a lower price.
store-opening = You open a team of { $n }. Invite friends as soon as you have paid.

# A team, in every state.
store-team-forming = Waiting for the first payment
store-team-forming-more = The team opens, and its time starts, once you have paid.
store-team-lowered = The team goes ahead, a little smaller
store-team-lowered-more = The shop agreed to deliver to { $n } people all the same.
store-team-full-more = Everyone pays the group price.
store-pay-now = Pay now to keep my place
store-place-yours-held = A place is held for you until you have paid.
store-team-left-full = You came a moment too late for this one. Join another team, or open your own.
store-tier = { $n } people: { $price }

# The rules, made from the settings.
rule-team-minutes = { $need } people make a team. It has { $minutes } minutes to fill, counted from its first payment.
rule-team = { $need } people make a team. It has { $hours ->
    [one] one hour
   *[other] { $hours } hours
    } to fill, counted from its first payment.
rule-tier = With { $size } people everyone pays { $off }% less; the difference is refunded when the team closes.
rule-pay-window = A place is held for { $minutes ->
    [one] one minute
   *[other] { $minutes } minutes
    } while you pay.
rule-buyers-open = Teams can be opened by people who have bought here before.
rule-new-customers-join = Only people who have never bought here can join.
rule-limits = At most { $order } in one order, and { $person } per person.
rule-leader-off = Whoever opens the team pays { $amount } less.
rule-lowered-to = If at least { $people } people have paid when time is over, the shop delivers to them all the same.
rule-refund = A team that does not fill is over, and everyone is refunded in full to where the money came from.
rule-leaving = You can leave until the team is full. You are refunded in full and the place is free again.
rule-late-refund = A payment that arrives after the place was freed is refunded.
rule-late-other-team = A payment that arrives after the place was freed gets a place in another open team, or opens a new one. You are told which.
rule-late-new-team = A payment that arrives after the place was freed opens a new team. You are told.
rule-no-coupons = The group price does not combine with coupons or points.
rule-listed = Open teams appear in the public list.

# An order, in every state.
store-state-pending-payment = To pay
store-state-paid = Paid
store-state-to-ship = Being packed
store-state-delivered = Delivered
store-state-cancelled = Cancelled
store-state-refunding = Refund on its way
store-state-late-paid = Paid too late, refunded
store-line-pending-payment = Waiting for your payment
store-line-pending-payment-more = We keep the goods for you until the time is over.
store-line-paid = Paid
store-line-awaiting-team = Paid. The team is still filling
store-line-awaiting-taker = Paid. Your gift waits to be taken
store-line-awaiting-team-more = It ships as soon as everyone is there.
store-line-awaiting-taker-more = Send its link to a friend, who says where it goes.
store-line-to-ship = We are packing it
store-line-shipped = On its way to you
store-line-delivered = Delivered
store-line-completed = Received. Enjoy it!
store-line-cancelled = This order ended unpaid
store-line-cancelled-more = No money was taken.
store-line-refunding = Your money is on its way back
store-line-refunding-more = { $price }, to where you paid from.
store-line-refunded = You have been refunded
store-line-refunded-more = { $price } went back to where you paid from.
store-line-late-paid = Your payment came too late
store-line-late-paid-more = { $price } goes back to where you paid from.
store-step-placed = Ordered
store-move-pending-payment = Order placed
store-move-paid = Payment received
store-move-awaiting-team = Place in the team confirmed
store-move-awaiting-taker = The gift waits for whoever takes it
store-move-to-ship = Ready to be packed
store-move-shipped = Handed to the carrier
store-move-delivered = Delivered
store-move-completed = Completed
store-move-cancelled = Cancelled
store-move-refunding = Refund started
store-move-refunded = Refund arrived
store-move-late-paid = A payment came after the order had ended
store-pay-order = Pay { $price }
store-cancel = Cancel this order
store-cancel-says = Nothing has been paid. The goods go back on the shelf.
store-cancel-confirm = Yes, cancel it
store-leave = Leave the team
store-leave-says = { $price } is refunded in full and your place is free again. The others go on without you.
store-leave-confirm = Leave and refund { $price }
store-refund = Cancel and refund
store-refund-says = It has not shipped yet: all of { $price } goes back to where you paid from.
store-refund-confirm = Cancel and refund { $price }
store-pieces = { $n ->
    [one] { $n } piece
   *[other] { $n } pieces
}

# After paying.
store-paid-title = Paid. Thank you!
store-paid-more = { $price } received. We pack it next, and write to your inbox when it ships.
store-paid-full = The team is complete!
store-paid-full-more = You were the one it was waiting for. Packing starts now.
store-checking = Asking the bank…
store-checking-more = This page looks again by itself. You can leave it: we write to your inbox.
store-unpaid-title = Not paid yet
store-unpaid-more = No money was taken. Your goods are kept for a while: try again.
store-ended-title = This order has ended

# Errors.
store-wrong = Something went wrong on our side
store-wrong-more = Nothing was lost: your cart and orders are as they were. Please try again in a moment.
store-stale = This page was open for too long
store-stale-more = For your safety we did not do it. Go back, reload, and try again; what you typed is kept.
store-found = “{ $words }”
store-share-goods = { $name }: { $price }. Have a look!
store-choose-again = This combination does not exist. Please choose again.
store-team-stands = The team stands
store-team-stands-more = It goes ahead when time is over. More people make it cheaper for everyone.
store-team-ended = The shop ended this group buy
store-team-abandoned = This team never started
store-team-abandoned-more = Its first payment did not arrive, so nothing was charged.
store-team-all-held = Somebody is paying for the last place. If they do not, it is free again in a few minutes.
store-tax = Tax
store-tax-inside = Includes { $price } of tax
store-list-saving = Your price saves
store-list-saving-why = A lower price holds for you just now: a group’s, a quantity’s or one for a while. They do not add up; the lowest holds.
store-member-price = Your price. Others pay { $price }.
store-tiers = Buy more, pay less
store-tier-from = { $n ->
    [one] One
   *[other] { $n } or more
}
store-not-in-currency = Not for sale in { $code }. Choose another currency at the bottom of the page.
store-team-currency = Team prices are in { $code }.
store-currency-choose = Show prices in { $code }
store-tab-ended = Ended
store-invite-friends = Invite friends
store-track = Where is it?
store-refunded-sum = Refunded
store-try-again = Try again
store-because-placed = Order placed
store-because-pay-timeout = Not paid in time
store-because-team-place = Paid. Place in the team confirmed
store-because-team-succeeded = The team is complete
store-because-team-failed = The team did not fill
store-because-left-team = You left the team
store-because-gift-waits = The gift waits
store-because-gift-taken = Somebody took the gift
store-because-gift-taken-back = You took the gift back
store-because-gift-untaken = Nobody took the gift in time
store-because-group-failed = The team did not fill
store-because-cancelled-by-buyer = You cancelled it
store-because-refund-by-buyer = You asked for your money back
store-because-received = You received it
store-because-receipt-window = Taken as received
store-because-window-closed = Completed
store-because-refund-paid = Refund arrived
store-because-late-payment = A late payment was still in time for the goods
store-because-shipped = Handed to the carrier
store-sort = Order
store-sort-popular = Popular
store-sort-new = New
store-sort-price = Price: low first
store-sort-price-down = High first
store-actions = What to do here
store-goods-heading = Products
store-choose-quantity = Choose how many
store-somebody = A friend
store-look-again = Look again

# Addresses, fetching goods and gifts.
store-address-other = Another address
store-address-new = New address
store-address-change = Change
store-address-save = Save address
store-address-usual = Usual
store-address-make-usual = Use it as my usual address
store-address-remove = Remove this address
store-address-remove-says = Orders you have placed keep it.
store-my-addresses = Addresses
store-addresses-none = No address yet. Those you order to are kept here.
store-province-choose = Choose
store-region = State or region
store-not-delivered = Not delivered
store-delivered-nowhere = Sorry, we do not deliver to this address yet.
store-pickup-where = Where to fetch it
store-pickup-says = When it is paid you get a code. Show it to fetch your goods; it is good once.
store-pickup-code = Your code: show it to fetch your goods
store-pickup-at = To be fetched at
store-gift = It is a gift
store-gift-more = Its parcel tells no prices
store-gift-card = What its card says

# Searching.
store-sort-relevance = Best match
store-facet-category = Category
store-facet-brand = Brand
store-facet-tag = Tag
store-facet-stock = Stock
store-facet-in-stock = In stock
store-facet-price = Price
store-facets = Filter
store-facets-clear = Clear filters
store-price-from = Lowest price
store-price-to = Highest price
store-price-go = Go
store-did-you-mean = Did you mean
store-left-out = Nothing has all of these words. Left out: { $words }
