# The console: its frame, its words for everything, the overview.

console-skip = Skip to content
console-menu = Open the menu
console-menu-close = Close the menu
console-rail = Console
console-search = Search
console-view-shop = View the shop
console-theme = Switch between light and dark
console-sign-out = Sign out
console-close = Close
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
console-products = Products
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
console-reason-needed = Please give a reason: the shopper reads it. Nothing changed.
console-not-now = Not now
console-line = Line
console-when = When
console-total = Total
console-steps = Steps
console-form-not-saved = Not saved yet. Your entries are kept; please look at:
console-guard = You have changes that are not saved.
console-search-act = Search
console-stale = Somebody else changed this a moment ago. Here is their version; please look again.
console-forbidden = Your role does not include this. The owner can do it, or change your role.
console-products-empty = Your goods will stand here
console-products-empty-text = Bring a product file from Shopify (or any shop that exports its format), or write the first one by hand.
console-chart-fill-title = Teams fill in { $hours } h at the median
console-chart-gb-title = { $orders } orders through this group buy
console-chart-gb-note = Paid places per day
console-bad-amount = “{ $text }” is not an amount. Write it like 29.90.
console-action-ship = Orders to ship
console-action-export = Export all products
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
