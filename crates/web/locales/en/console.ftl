# The merchant's console.

console-skip = Skip to content
console-menu = Open the menu
console-menu-close = Close the menu
console-rail = Console
console-search = Search
console-view-shop = View the shop
console-theme = Switch between light and dark
console-sign-out = Sign out
console-close = Close
console-role-owner = Owner
console-role-manager = Manager

console-palette-hint = Orders, products, pages, actions…
console-palette-empty = Nothing found. Try an order number, a product or the name of a page.
console-palette-move = move
console-palette-open = open
console-palette-close = close
console-palette-pages = Pages
console-palette-actions = Actions
console-palette-orders = Orders
console-palette-products = Products
console-palette-group-buys = Group buys
console-keys = Keyboard
console-key-palette = Search everything
console-key-search = Search this list
console-key-move = Next, previous row
console-key-open = Open the row
console-key-select = Select the row
console-key-new = New
console-key-back = Back to the list
console-key-go = Overview, orders, products, group buys
console-key-save = Do the main thing on this page

console-nav-trade = Trade
console-nav-goods = Goods
console-nav-books = Books
console-nav-engine = Behind the counter
console-overview = Overview
console-orders = Orders
console-group-buys = Group buys
console-products = Products
console-stock = Stock
console-import = Import
console-ledger = Ledger
console-audit = Audit
console-jobs = Jobs
console-outbox = Outbox
console-settings = Settings

console-sign-in-title = Sign in to the console
console-sign-in-name = Name or e-mail
console-sign-in-password = Password
console-sign-in-act = Sign in
console-sign-in-demo = This is a demo shop: come in as
console-sign-in-zoe = runs the shop · owner
console-sign-in-mo = packs and ships · manager

console-good-morning = Good morning, { $name }
console-good-afternoon = Good afternoon, { $name }
console-good-evening = Good evening, { $name }
console-overview-wrong = Is anything wrong?
console-overview-needs = What needs you?
console-overview-going = How is it going?
console-overview-calm = Nothing is wrong.
console-overview-no-needs = Nothing is waiting for you. A good moment to open a group buy.
console-calm-audit = { $count } checks clean, { $when }
console-calm-audit-never = The first audit has not run yet
console-calm-ledger = Books balance to the cent
console-calm-jobs = No job is stuck
console-calm-stock = No stock below zero
console-wrong-audit = { $count ->
    [one] One check of the audit fails
   *[other] { $count } checks of the audit fail
 }
console-wrong-audit-detail = Money or stock may not add up. Look before anything else.
console-wrong-audit-act = See which
console-wrong-jobs = { $count ->
    [one] One job was given up
   *[other] { $count } jobs were given up
 }
console-wrong-jobs-detail = They were tried again and again, and wait for a person now.
console-wrong-jobs-act = Look and retry
console-wrong-ledger = The books do not balance
console-wrong-ledger-act = Open the ledger
console-need-ship = { $count ->
    [one] One order to ship
   *[other] { $count } orders to ship
 }
console-need-ship-detail = the oldest was paid { $when }
console-need-ship-act = Ship
console-need-stock = { $count ->
    [one] One variant is nearly gone
   *[other] { $count } variants are nearly gone
 }
console-need-stock-detail = { $names }
console-need-stock-act = Restock
console-need-teams = { $count ->
    [one] One team closes within six hours and is not full
   *[other] { $count } teams close within six hours and are not full
 }
console-need-teams-detail = members are refunded if nobody joins
console-need-teams-act = See teams
console-need-draft = { $count ->
    [one] One product is still a draft
   *[other] { $count } products are still drafts
 }
console-need-draft-act = Finish
console-need-first-product = Bring in your first products
console-need-first-product-detail = from a Shopify product CSV, or one by one
console-need-first-product-act = Import
console-need-first-group = Open your first group buy
console-need-first-group-detail = a template makes it a matter of two minutes
console-need-first-group-act = Begin

console-figure-sales = Paid today
console-figure-orders = Orders paid
console-figure-teams = Teams completed
console-figure-shoppers = New shoppers
console-versus-yesterday = yesterday by now
console-versus-week = same day last week
console-no-change = same
console-chart-table = Show the numbers
console-chart-day = Day
console-chart-hour = Hour
console-chart-today = today
console-chart-yesterday = yesterday
console-chart-week-ago = last week
console-chart-sales-up = Sales are up { $by } on the week before
console-chart-sales-down = Sales are down { $by } on the week before
console-chart-sales-flat = Sales hold level with the week before
console-chart-sales-first = { $total } sold in the last { $days } days
console-chart-sales-none = No sale in the last { $days } days yet
console-chart-sales-note = Paid per day, less refunds · { $from } – { $to }
console-chart-sales-series = Paid, less refunds
console-chart-teams-good = { $share } of the teams that closed found all their people
console-chart-teams-none = No team has closed in the last { $days } days
console-chart-teams-note = Teams by the day they closed
console-chart-won = complete
console-chart-lost = not filled, refunded
console-chart-orders = Orders
console-chart-hours-ahead = Today runs { $by } ahead of yesterday
console-chart-hours-behind = Today runs { $by } behind yesterday
console-chart-hours-level = Today runs level with yesterday
console-chart-hours-none = The day has not sold anything yet
console-chart-hours-note = Paid so far, adding up by the hour

console-select-all = Select all rows
console-filter = Filter
console-filter-views = Views
console-filter-go = Show
console-filter-clear = Clear the filter
console-none-match = Nothing matches.
console-pager = Pages
console-pager-first = Back to the start
console-pager-next = Next
console-pager-shown = { $count ->
    [0] None
    [one] One row
   *[other] { $count } rows
 }
console-pager-of = { $count } of { $total }
console-save = Save
console-saved = Saved.
console-copy = Copy
console-copied = Copied
console-reason = Reason
console-not-now = Not now
console-line = Line
console-when = When
console-status = Status
console-status-any = any status
console-total = Total
console-steps = Steps
console-form-not-saved = Not saved yet. Your entries are kept; please look at:
console-guard = You have changes that are not saved.
console-search-act = Search
console-stale = Somebody else changed this a moment ago. Here is their version; please look again.
console-forbidden = Your role does not include this. The owner can do it, or change your role.

console-product = Product
console-price = Price
console-compare = Was
console-weight = Grams
console-category = Category
console-category-any = any category
console-brand = Brand
console-tags = Tags
console-tags-help = Separated by commas.
console-updated = Changed
console-slug = Address
console-sku = SKU
console-variant = Variant
console-import-act = Import
console-export-act = Export
console-export-csv = CSV
console-product-new = New product
console-product-variants-count = { $count ->
    [one] 1 variant
   *[other] { $count } variants
 }
console-product-search = Search products
console-product-title = Title
console-product-body = Description
console-product-body-help = Simple HTML is kept; anything unsafe is removed.
console-product-pictures = Pictures
console-product-no-pictures = No pictures yet. Import a product file with picture addresses and they are fetched for you.
console-product-alt = What the picture shows
console-product-add-pictures = Add pictures
console-product-variants = Variants
console-product-variants-help = Stock changes have their own page, so that every change has a reason.
console-product-variant-add = Add a variant
console-product-option = Option { $n }
console-product-option-hint = Colour, size, …
console-product-status-help = Only active products are on sale.
console-product-place = Where it belongs
console-product-found = How it is found
console-product-see = See it
console-product-group = Group buy
console-product-active = Active
console-product-draft = Draft
console-product-archived = Archived
console-bulk-chosen = { "{n}" } chosen
console-bulk-with = With the chosen:
console-bulk-active = Put on sale
console-bulk-draft = Make draft
console-bulk-archive = Archive
console-bulk-done = { $count ->
    [one] One product changed.
   *[other] { $count } products changed.
 }
console-bulk-none = No product was chosen, so nothing changed.
console-products-empty = Your goods will stand here
console-products-empty-text = Bring a product file from Shopify (or any shop that exports its format), or write the first one by hand.
console-type = Kind of product
console-categories-none = No categories yet.
console-product-picture-drop = Remove
console-product-picture-remote = being fetched
console-product-picture-failed = could not be fetched
console-product-text = In { $language }
console-product-text-help = Empty: shown in the shop’s own language.
console-product-text-save = Save this language
console-language-zh-CN = Chinese
console-language-en = English
console-variant-tracked = Count
console-variant-tracked-help = Its stock is counted
console-variant-oversell = Beyond
console-variant-oversell-help = May be sold beyond the stock
console-variant-ships = Ships
console-set-aside = Set aside
console-sold = Sold
console-lost = Lost
console-seo-title = Title for search engines
console-seo-description = Description for search engines

console-import-sub = Shopify’s product CSV, the old and the new header. Nothing changes until you say so.
console-import-step-1 = Choose a file
console-import-step-2 = Check what would happen
console-import-step-3 = Done
console-import-file = Product file
console-import-file-help = CSV, UTF-8, up to { $most } MB. Drop it here or choose it.
console-import-check = Check the file
console-import-safe = This is a rehearsal: it reads the file and changes nothing.
console-import-how = How it works
console-import-how-1 = Good rows go in, each bad row is named with its line and reason.
console-import-how-2 = Importing the same file again changes nothing.
console-import-how-3 = Stock in the file sets what is on hand; what is reserved for orders stays reserved.
console-import-how-4 = Pictures are fetched afterwards, one by one, in the background.
console-import-source = { $name } · { $rows } rows · read in { $took }
console-import-verdict = { $created } new, { $updated } updated, { $unchanged } unchanged
console-import-verdict-none = Nothing to change: the shop already has all of this.
console-import-verdict-bad = No row of this file can be used.
console-import-done = Done: { $created } new, { $updated } updated, { $unchanged } unchanged
console-import-new = New
console-import-updated = Updated
console-import-unchanged = Unchanged
console-import-faulty = Rows with a fault
console-import-pictures = Pictures to fetch
console-import-do = { $count ->
    [one] Import one product
   *[other] Import { $count } products
 }
console-import-other = Choose another file
console-import-undo = An import can be repeated safely.
console-import-see = See the products
console-import-more = Import another file
console-import-faults = { $count ->
    [one] One row was left out
   *[other] { $count } rows were left out
 }
console-import-faults-would = { $count ->
    [one] One row would be left out
   *[other] { $count } rows would be left out
 }
console-import-faults-csv = Download as CSV
console-import-changes = What changes
console-import-more-changes = and { $count } more
console-import-handle = Handle
console-import-column = Column
console-import-why = What is wrong
console-import-found = Found
console-import-outcome = Outcome
console-import-detail = Detail
console-import-no-file = No file came with the form. Nothing changed; choose a CSV file and try again.
console-import-too-big = The file is larger than { $limit }. Use the command line for very large files.
console-import-gone = The rehearsal is no longer here. Please check the file again; nothing was changed.

console-stock-sub = On hand is what lies on the shelf; reserved belongs to orders; available can be sold.
console-on-hand = On hand
console-reserved = Reserved
console-available = Available
console-stock-any = any level
console-stock-low = nearly gone
console-stock-out = sold out
console-stock-search = Product or SKU
console-stock-adjust = Adjust
console-stock-product = The product
console-stock-moves = Movements
console-stock-no-moves = Nothing has moved yet.
console-stock-by = Change by
console-stock-by-help = +12 when goods arrive, −1 when one breaks. Never below what is reserved.
console-stock-reason = Reason
console-stock-reason-1 = Goods arrived
console-stock-reason-2 = Counted
console-stock-reason-3 = Broken or lost
console-stock-reason-4 = Sample
console-stock-save = Write it down
console-stock-done = Written down: { $by }. Available is now { $available }.
console-stock-bad-number = “{ $text }” is not a whole number. Nothing changed; write +12 or −1.
console-cause = Cause
console-stock-empty = No stock to speak of yet
console-stock-empty-text = Stock appears with the first product.

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
console-stock-left = Left
console-ends = Ends
console-gb-any = any
console-gb-search = Group buy or product
console-gb-status-draft = Draft
console-gb-status-scheduled = Scheduled
console-gb-status-running = Running
console-gb-status-paused = Paused
console-gb-status-ended = Ended
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
console-gb-stock-help = Taken from what is available now, so that a full team is never disappointed. What is left over goes back when it ends.
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
console-chart-fill-title = Teams fill in { $hours } h at the median
console-chart-gb-title = { $orders } orders through this group buy
console-chart-gb-note = Paid places per day

console-ledger-sub = Every movement of money, twice written. Nothing here can be edited.
console-ledger-trial = Trial balance
console-ledger-trial-note = as of { $when }
console-ledger-balanced = Debits equal credits
console-ledger-balanced-text = { $amount } on each side, difference { $difference }
console-ledger-unbalanced = Debits and credits differ
console-ledger-chain = The hash chain is whole
console-ledger-chain-text = { $count } journals, each sealed with the one before; last { $hash }
console-ledger-chain-unseen = { $count } journals, each sealed with the one before
console-ledger-chain-bad = The hash chain is broken at { $at }
console-ledger-journals = Journals
console-ledger-journals-of = Journals of { $account }
console-ledger-none = No money has moved yet.
console-ledger-hash = seal
console-ledger-previous = before
console-ledger-source = What it is about
console-account = Account
console-debit = Debit
console-credit = Credit
console-held = Held
console-account-psp_clearing = Payment provider
console-account-escrow = Held for buyers
console-account-sales = Sales
console-account-suspense = To be looked into
console-journal-capture = Payment received
console-journal-refund = Refund
console-journal-sale = Sale recognised

console-audit-sub = Statements that must always be true, checked against every row. Runs hourly, and now if you like.
console-audit-run = Run it now
console-audit-ran = Checked.
console-audit-clean = All { $count } checks hold
console-audit-broken = { $bad } of { $count } checks do not hold
console-audit-detail = { $when } · took { $took }
console-audit-never = Not run yet
console-audit-never-detail = It runs every hour. Run it now to see.
console-audit-holds = Holds
console-audit-fails = { $count ->
    [one] 1 row
   *[other] { $count } rows
 }
console-audit-rows = Rows that break it
console-audit-group-ledger = Ledger
console-audit-group-stock = Stock
console-audit-group-order = Orders and payment
console-audit-group-group_buy = Group buys
console-audit-group-platform = Platform
console-audit-group-integrity = Identity and records

console-job = Job
console-jobs-sub = Work that goes on behind the counter. What fails is tried again; what keeps failing waits for you here.
console-jobs-ready = Waiting
console-jobs-running = Running
console-jobs-failed = Trying again
console-jobs-dead = Given up
console-jobs-done = Done
console-jobs-none = Nothing here. All work is done.
console-attempts = Tries
console-due = Due
console-last-error = Last problem
console-job-retry = Try again
console-job-retry-done = It will be tried again in a moment.

console-outbox-sub = What the shop has sent: codes, notices, letters.
console-outbox-empty = Nothing sent yet
console-outbox-empty-text = Sign-in codes and notices to shoppers appear here as they go out.

console-tokens = API tokens
console-tokens-say = For programs that act in your name. A token can do no more than you can.
console-tokens-docs = Read the API reference
console-tokens-none = No token yet.
console-token-new = New token
console-token-name = What is it for?
console-token-name-hint = Warehouse script
console-token-scopes = It may
console-token-make = Make the token
console-token-fresh = Your new token.
console-token-fresh-say = Copy it now: it is shown this once and kept only as a fingerprint.
console-token-revoke = Revoke
console-token-revoke-ask = Revoke this token? Programs that use it stop at once.
console-token-revoked = Revoked.
console-token-detail = { $scopes } · made { $when }
console-token-used = last used { $when }
console-token-unused = never used
console-token-need-scope = Choose at least one thing it may do. Nothing was made.
console-staff = Staff
console-staff-say = Managers sell and ship. Owners may also change staff, and end what cannot be undone.
console-staff-new = Add someone
console-staff-role = Role
console-staff-add = Add
console-staff-added = { $name } can sign in now.
console-staff-remove = Remove
console-staff-remove-ask = Remove { $name }? They are signed out at once.
console-staff-owner-only = Only owners change staff.
console-staff-since = since { $when }
console-staff-you = you
console-password-help = At least ten characters. A few words in a row are easy to remember and hard to guess.
console-available-n = { $count } available
console-bad-amount = “{ $text }” is not an amount. Write it like 29.90.
console-gb-bad-dates = The beginning or the end is not a date and time.
console-gb-check-no-price = No variant has a group price yet.
console-gb-check-stock-plain = Where nothing is set aside, it sells from the ordinary stock while there is some.
console-gb-check-time-over = The end must come after the start, and after now.
console-product-bad-price = Variant { $n }: “{ $text }” is not a price. Write it like 39.00.
console-staff-removed = Removed. Their sessions have ended.
console-order-deliver-done = Marked as delivered.
console-cause-receive = Arrived
console-cause-lose = Taken out
console-cause-reserve = Reserved by an order
console-cause-reserve_set_aside = Reserved from what was set aside
console-cause-release = Released
console-cause-release_set_aside = Released, set aside again
console-cause-claim = Sold
console-cause-restock = Back in stock
console-cause-restock_set_aside = Back to what was set aside
console-cause-set_aside = Set aside for a group buy
console-cause-return_aside = No longer set aside
console-cause-make = Made for an order
console-cause-unmake = Not made after all

# Added with the pages themselves.
console-action-ship = Orders to ship
console-action-export = Export all products
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
console-account-moved = { $count ->
    [one] 1 account
   *[other] { $count } accounts
 } · moved { $debits } / { $credits }
console-journal-settle = Shop earned it
console-journal-unsettle = Taken back from the shop
console-journal-surplus = Paid twice
console-journal-late = Came late
console-job-order-close = Close an unpaid order
console-job-order-receive = Count an order as received
console-job-order-complete = Complete an order
console-job-team-close = Decide a team at its deadline
console-job-team-end = Close a team of an ended group buy
console-job-group_buy-start = Start a group buy
console-job-group_buy-end = End a group buy
console-job-refund-send = Pay a refund back
console-job-sandbox-notify = Notice from the sandbox
console-job-message-send = Send a message
console-job-picture-fetch = Fetch a picture
console-channel-sms = Text message
console-channel-email = E-mail
console-message-waiting = Waiting here
console-message-sent = Sent
console-message-failed = Not delivered
console-scope-read = Read what you may see
console-scope-shop = Shop in your name: cart, orders, teams
console-scope-manage = Change goods, stock, orders and group buys
console-staff-contact = E-mail or phone
console-staff-name = Name
console-audit-group-other = Others
console-import-latest = Latest imports
console-import-change = { $variants ->
    [one] 1 variant
   *[other] { $variants } variants
 } · { $pictures ->
    [one] 1 picture
   *[other] { $pictures } pictures
 }
console-wrong-refunds = { $count ->
    [one] One refund failed
   *[other] { $count } refunds failed
 }
console-wrong-refunds-detail = Somebody waits for their money. Look why, and send it again.
console-wrong-refunds-act = Look and retry
console-need-cases = { $count ->
    [one] One case needs a person to decide
   *[other] { $count } cases need a person to decide
 }
console-need-cases-act = Decide
console-need-pictures = { $count ->
    [one] One picture could not be fetched
   *[other] { $count } pictures could not be fetched
 }
console-need-pictures-act = See products
console-chart-hours-sum = { $total } so far today
console-chart-week-before = week before
console-chart-week-last = last 7 days
console-chart-top = “{ $name }” brings in most
console-chart-top-note = Paid in the last seven days
console-chart-sales-plain = Paid
console-chart-units = Units
console-cases = Cases
console-cases-sub = What the rules leave to a person. Nothing here is lost; it waits.
console-case-close = Close
console-case-what = What was done
console-case-closed = Closed.
console-case-amount_mismatch = A payment of the wrong amount
console-case-refund_failed = A refund that does not go through
console-case-job_dead = A job that was given up
