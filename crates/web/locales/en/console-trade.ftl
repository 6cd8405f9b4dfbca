# The console: orders, group buys, teams.

console-orders = Orders
console-group-buys = Group buys
console-status = Status
console-status-any = any status
console-order = Order
console-placed = Placed
console-shopper = Shopper
console-goods = Goods
console-orders-all = All
console-orders-to-ship = To ship
console-orders-awaiting = Awaiting team
console-orders-unpaid = Unpaid
console-orders-shipped = Shipped
console-orders-refunds = Refunds
console-order-search = Order, shopper, product or tracking number
console-orders-empty = Orders will arrive here
console-orders-empty-text = As soon as somebody pays, the order stands here with what to do next.
console-order-in-team = Part of a team
console-order-lines = Goods
console-order-facts = Facts
console-order-history = What happened
console-order-ship = Ship
console-order-ship-done = Shipped. The shopper has been told.
console-order-cancel = Cancel the order
console-order-cancel-done = Cancelled. Stock is free again.
console-order-refund = Refund
console-order-refund-done = The refund is on its way. It is sent once, even if something fails in between.
console-order-complete = Mark as completed
console-order-complete-done = Completed.
console-keep-order = Keep the order
console-carrier = Carrier
console-tracking = Tracking number
console-order-goods-count = { $count ->
    [one] 1 item
   *[other] { $count } items
 }
console-order-summary = { $shopper } · placed { $when } · { $total }
console-order-next-ship = Pack and ship
console-order-next-ship-text = Paid { $when }. The shopper gets the tracking number as soon as you save.
console-order-next-team = Waiting for its team
console-order-next-team-text = { $missing ->
    [one] One more person is needed
   *[other] { $missing } more people are needed
 } before { $deadline }. Until then it must not ship; if the team does not fill, it is refunded by itself.
console-order-next-team-act = See the team
console-order-next-unpaid = Not paid yet
console-order-next-unpaid-text = It closes by itself { $when } and frees its stock.
console-order-next-shipped = On its way
console-order-next-shipped-text = { $carrier } · { $tracking }
console-order-next-refunding = The refund is on its way
console-order-next-refunding-text = The provider has been asked to pay { $amount } back. Nothing for you to do.
console-order-next-refunded = Refunded
console-order-next-refunded-text = { $amount } went back to the shopper.
console-order-next-cancelled = Cancelled
console-order-next-cancelled-text = Stock was freed; nothing is owed.
console-order-next-completed = Completed
console-order-next-completed-text = Everything about this order is done.
console-order-refund-title = Refund { $amount } to { $shopper }?
console-order-refund-act = Refund { $amount }
console-order-refund-effect-money = { $amount } goes back the way it came.
console-order-refund-effect-stock = The goods go back to stock, as nothing was shipped.
console-order-refund-effect-shipped = The goods were shipped: stock does not change by itself.
console-order-refund-effect-team = The team stays complete for the others.
console-order-refund-effect-told = The shopper is told, with your reason.
console-order-cancel-title = Cancel this order?
console-order-cancel-effect-stock = The reserved stock is free again.
console-order-cancel-effect-pay = If money still arrives, it goes back automatically.
console-order-cancel-effect-told = The shopper is told, with your reason.
console-fact-shopper = Shopper
console-fact-contact = Contact
console-fact-address = Ship to
console-fact-payment = Payment
console-fact-team = Team
console-fact-shipment = Shipment
console-fact-shared = Came through
console-fact-note = Note
console-sum-goods = Goods
console-sum-discount = Discount
console-sum-shipping = Shipping
console-sum-tax = Tax
console-sum-total = Total
console-sum-refunded = Refunded
console-status-pending_payment = Unpaid
console-status-paid = Paid
console-status-awaiting_team = Awaiting team
console-status-awaiting_taker = Waiting for its taker
console-status-to_ship = To ship
console-status-shipped = Shipped
console-status-delivered = Delivered
console-status-completed = Completed
console-status-cancelled = Cancelled
console-status-expired = Timed out
console-status-refunding = Refunding
console-status-refunded = Refunded
console-status-late_paid = Paid late
console-event-pending_payment = Order placed
console-event-paid = Paid
console-event-awaiting_team = Waiting for the team
console-event-awaiting_taker = Waiting for whoever takes the gift
console-event-to_ship = Ready to ship
console-event-shipped = Shipped
console-event-delivered = Delivered
console-event-completed = Completed
console-event-cancelled = Cancelled
console-event-expired = Not paid in time
console-event-refunding = Refund begun
console-event-refunded = Refunded
console-event-late_paid = Money came too late; it goes back
console-who-system = by itself
console-who-shopper = the shopper
console-who-staff = staff
console-who-provider = the payment provider
console-group-buy = Group buy
console-group-buy-new = New group buy
console-group-buy-new-sub = Pick a shape. Everything can be changed before it goes live.
console-group-buy-other-product = Another product
console-group-buys-empty = Group buys will run here
console-group-buys-empty-text = A group price spreads by itself: whoever opens a team brings friends. Start from a template; it takes two minutes.
console-group-price = Group price
console-teams = Teams
console-teams-open = Open teams
console-teams-won-lost = Complete / not filled
console-teams-none = No team here yet. It opens with the first buyer.
console-ends = Ends
console-gb-campaign = As a campaign
console-gb-campaign-help = Who it is for, its limits, its check and a copy of it
console-gb-any = any
console-gb-search = Group buy or product
console-gb-step-1 = Shape
console-gb-step-2 = Product
console-gb-step-3 = Price and rules
console-gb-step-4 = Live
console-gb-t-trio = Three together
console-gb-t-trio-text = The classic: small enough to fill in an evening, large enough to bring two friends.
console-gb-t-pair = Two for tea
console-gb-t-pair-text = One friend is enough. Fills fastest; for dear goods and first tries.
console-gb-t-welcome = Bring someone new
console-gb-t-welcome-text = Anyone may open; only new customers may join. Grows the shop, not the basket.
console-gb-t-tiers = The more, the better
console-gb-t-tiers-text = Goes through at three, gets cheaper at five; the difference is paid back to everyone.
console-gb-t-facts = { $size } people · { $hours } h · −{ $off } %
console-gb-who = Who gets together
console-gb-name = Name
console-gb-name-help = Shown to shoppers above the rules.
console-gb-size = Team size
console-gb-life = A team has
console-gb-pay = Time to pay
console-unit-people = people
console-unit-hours = hours
console-unit-minutes = min
console-gb-tiers = A lower price for larger teams
console-gb-tiers-help = When a team reaches the next size before its time is up, the price falls for everyone and the difference is paid back.
console-gb-tier-size = From
console-gb-tier-off = Off the group price
console-gb-price = Price and stock
console-gb-alone = Alone
console-gb-stock = Set aside
console-gb-stock-help = Empty: sells from the ordinary stock. A variant without a group price is left out. What is set aside and not sold goes back when it ends.
console-gb-rules = When, and how much each
console-gb-starts = Starts
console-gb-starts-help = Empty: as soon as you launch.
console-gb-ends-help = Teams opened before then may still fill.
console-gb-ends = Ends
console-gb-per-order = At most per order
console-gb-per-person = At most per person
console-gb-per-person-help = Over all their orders in this group buy.
console-gb-who-opens = Who may open a team
console-gb-who-joins = Who may join
console-gb-anyone = Anyone
console-gb-after-purchase = Whoever has bought before
console-gb-new-only = New customers only
console-gb-late = Payment after the place was lost
console-gb-late-other = Offer another open team
console-gb-late-new = Open a new team
console-gb-late-refund = Refund at once
console-gb-public = Show open teams to everyone
console-gb-public-help = On the product page and the list of teams. Off: only by link.
console-gb-minimum = Deliver to fewer, from
console-gb-minimum-help = Empty: off. Otherwise, when time runs out with at least this many, you deliver anyway, and the page says so. Nobody is ever invented.
console-gb-leader = Whoever opens the team pays less by
console-gb-leader-help = Empty: nothing. A lower price, never cash for bringing people.
console-gb-preview = What shoppers will see
console-gb-says = What the check says
console-gb-rules-text = Rules shoppers will read
console-gb-launch = Launch
console-gb-launched = It is live. Share it.
console-gb-draft = Keep as a draft
console-gb-draft-done = Kept as a draft.
console-gb-check = Check again
console-gb-check-price = { $off } below the price alone; each team of { $size } gives up { $cost }.
console-gb-check-budget = If everything set aside sells, { $cost } is given in discounts on { $sales } of sales.
console-gb-check-stock = { $units } units set aside: enough for { $teams } full teams.
console-gb-check-stock-few = { $units } units do not fill one team of { $size }.
console-gb-check-stock-more = Only { $available } are available; set aside less.
console-gb-check-price-high = The group price is not below the price alone.
console-gb-check-time = Time enough: the last team may run until { $until }.
console-gb-check-time-short = The activity is shorter than the life of one team.
console-gb-check-long-life = Teams longer than two days are forgotten; most fill in the first hours.
console-gb-phone-together = { $size } people together, each saves { $saving }
console-gb-phone-state = { $missing ->
    [one] One missing
   *[other] { $missing } missing
 } · { $hours } h left
console-gb-phone-button = Open a team · { $price }
console-gb-see = See it
console-gb-pause = Pause
console-gb-pause-title = Pause this group buy?
console-gb-pause-1 = No new team can be opened.
console-gb-pause-2 = The { $open } open teams go on; friends may still join them.
console-gb-pause-3 = Nobody is refunded. You can go on whenever you like.
console-gb-pause-done = Paused. Open teams go on.
console-gb-resume = Go on
console-gb-resume-done = Running again.
console-gb-end = End
console-gb-end-1 = { $open ->
    [0] No team is open.
    [one] The one open team fails now.
   *[other] The { $open } open teams fail now.
 }
console-gb-end-3 = { $units } units set aside go back to stock.
console-gb-end-4 = Complete teams are not touched. This cannot be undone.
console-gb-end-type = Type { $word } to confirm
console-gb-end-word = END
console-gb-end-unsure = Not ended: please type { $word } exactly to confirm.
console-gb-end-title = End “{ $name }”?
console-gb-end-stay = { $open ->
    [0] No new teams. None is open.
    [one] No new teams; the open one still has its time to fill.
   *[other] No new teams; the { $open } open ones still have their time to fill.
 }
console-gb-end-2 = { $payers ->
    [0] Nobody has to be refunded.
    [one] One person is refunded in full, once, the way it was paid.
   *[other] { $payers } people are refunded in full, each once, the way they paid.
 }
console-gb-end-act = End, let open teams finish
console-gb-fail = Or close the open teams now, too
console-gb-fail-act = Close teams and refund everyone
console-gb-end-done = Ended. Open teams still have their time.
console-gb-fail-done = Ended. Refunds are on their way.
console-gb-waiting = { $count } paid and waiting
console-team-forming = Not paid yet
console-gb-public-short = Open teams are public
console-place-held = somebody is paying
console-gb-keep = Keep it running
console-gb-settings = Settings
console-gb-prices = Prices
console-gb-runs = { $from } – { $to }
console-gb-tally-open = Open teams
console-gb-tally-won = Complete
console-gb-tally-lost = Not filled
console-gb-tally-sold = Sold
console-gb-tally-left = Set aside, left
console-gb-tally-fill = Fill rate
console-gb-people = { $count } people
console-gb-hours = { $count } hours
console-gb-minutes = { $count } minutes
console-gb-none = No limit
console-gb-yes = Yes
console-gb-no = No
console-team-title = { $name }’s team
console-team-left = { $when } left
console-team-missing = { $count ->
    [one] one missing
   *[other] { $count } missing
 }
console-team-opened = opened { $when }
console-team-open = Open
console-team-succeeded = Complete
console-team-failed = Not filled
console-place-paid = { $name }, paid
console-place-free = free place
console-gb-bad-dates = The beginning or the end is not a date and time.
console-gb-check-no-price = No variant has a group price yet.
console-gb-check-stock-plain = Where nothing is set aside, it sells from the ordinary stock while there is some.
console-gb-check-time-over = The end must come after the start, and after now.
console-order-deliver-done = Marked as delivered.
console-order-paid-n = { $count ->
    [one] 1 order
   *[other] { $count } orders
 }
console-order-kind = Kind
console-order-kind-any = all
console-order-kind-team = in a team
console-order-kind-alone = alone
console-days-any = any time
console-days-1 = last 24 hours
console-days-7 = last 7 days
console-days-30 = last 30 days
console-order-next-delivered = Delivered
console-fact-shipping = Shipping
console-fact-refund = Refund
console-fact-number = Number
console-fact-orders = { $count ->
    [0] no paid order yet
    [one] 1 paid order
   *[other] { $count } paid orders
 }
console-payment-pending = pending
console-payment-captured = captured
console-payment-failed = failed
console-payment-closed = closed
console-refund-pending = on its way
console-refund-succeeded = done
console-refund-failed = failed
console-why-placed = Order placed
console-why-paid = Paid
console-why-pay_timeout = Not paid in time
console-why-team_place = Has a place in its team
console-why-team_succeeded = Its team is complete
console-why-team_closed = Its team was already decided
console-why-team_failed = Its team did not fill
console-why-group_failed = Its team did not fill
console-why-left_team = Left the team
console-why-gift_waits = A gift: waits for its taker
console-why-gift_taken = Somebody took the gift
console-why-gift_taken_back = Its giver took it back
console-why-gift_untaken = Nobody took the gift in time
console-why-gift_returned = The gift went back
console-why-late_payment = Money came late
console-why-late = Money came late
console-why-surplus = Paid twice
console-why-tier = Reached a lower price
console-why-cancelled_by_buyer = Cancelled by the shopper
console-why-cancelled = Cancelled
console-why-refund_by_buyer = The shopper asked for a refund
console-why-refund_paid = The money is back
console-why-shipped = Shipped
console-why-received = The shopper says it is there
console-why-receipt_window = Counted as received after the usual time
console-why-window_closed = The time for returns has passed
console-why-virtual = Nothing to carry
console-why-staff = By staff

# Delivery, fetching goods and parcels.
console-delivery = Delivery
console-delivery-sub = How goods get where, and for how much
console-delivery-methods = Ways to ship
console-delivery-points = Places to fetch goods
console-delivery-points-none = No place yet.
console-delivery-new-method = New way to ship
console-delivery-new-point = New place
console-delivery-active = Offered
console-delivery-inactive = Not offered
console-delivery-offer = Offer it at checkout
console-delivery-kind = Kind
console-delivery-kind-delivery = Delivered
console-delivery-kind-pickup = Fetched by the buyer
console-delivery-rates-count = { $count ->
    [one] 1 rate
   *[other] { $count } rates
}
console-delivery-no-point = Goods may be fetched, but no place is offered, so checkout does not show it.
console-delivery-no-pickup = There are places, but no way to ship says that goods are fetched: make one of that kind.
console-delivery-name = Name
console-delivery-name-en = Name in English
console-delivery-code = Code
console-delivery-code-help = What programs name it by
console-delivery-rates = Rates
console-delivery-rates-sub = The one that names an address most exactly holds. Where none does, nothing is delivered.
console-delivery-rate = Rate { $n }
console-delivery-rate-more = One more rate (kept once it has an area)
console-delivery-everywhere = Everywhere else
console-delivery-delivers = We deliver there
console-delivery-provinces = Choose provinces
console-delivery-others = Other areas, with commas between them
console-delivery-basis = Reckoned
console-delivery-basis-order = by order
console-delivery-basis-weight = by weight, in grams
console-delivery-basis-piece = by piece
console-delivery-first = First grams or pieces
console-delivery-first-fee = First fee
console-delivery-step = Each further grams or pieces
console-delivery-step-fee = Each further fee
console-delivery-free-from = Free from
console-delivery-free-pieces = Free from pieces
console-delivery-point-address = Address
console-delivery-point-phone = Phone
console-delivery-point-hours = Opening hours
console-pickup-code = Pick-up code
console-pickup-collect = Give out
console-order-collect-done = The goods were given out.
console-order-next-fetch = Waits to be fetched
console-order-next-fetch-text = The buyer shows a code; type it above the list of orders.
console-fact-pickup = Fetched at
console-fact-gift = Gift card
console-gift-no-card = Nothing on the card
console-parcel-units = { $count ->
    [one] 1 unit
   *[other] { $count } units
}
console-parcel-choose = Send only a part now
console-slip = Packing slip
console-slip-sub = The label on the parcel, and the list that lies in it
console-slip-label = Label
console-print = Print
console-slip-quantity = Quantity
console-list-comma = {", "}
console-invariant-P1 = A line's parcels hold as many of its units as it says, all of one order
console-invariant-P2 = A shipped order has every unit that is carried in a parcel
console-invariant-P3 = A parcel holds something, and none is for an order that is not paid
console-invariant-P4 = What was fetched was given out once, to an order that was paid, and never sent as well
console-invariant-P5 = An order is fetched exactly when its way to ship says so
console-invariant-P6 = Every way to ship has a rate
