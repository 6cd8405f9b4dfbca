# Payment providers: paying by a code, the console's pages, statements, refusals.
provider-sandbox = Sandbox
provider-stripe = Stripe
provider-wechat = WeChat Pay
provider-alipay = Alipay
provider-offline = By transfer or in cash

store-going-title = You are taken to { $name }
store-going-text = If nothing happens, press the button.
store-going-act = Go there now
store-code-title = Pay with WeChat
store-code-text = Open WeChat on your phone, choose Scan, and point it at this code.
store-code-alt = A code for WeChat to scan
store-code-done = I have paid
store-code-other = Back to the order
store-choose-title = How would you like to pay?
store-by-hand-title = Pay by transfer or in cash
store-by-hand-text = The shop keeps the goods for you and says here when your money is there.
store-other-way = Pay another way
store-other-way-go = Go on
store-p-stripe = Card or more (Stripe)
store-p-stripe-more = Cards, Apple Pay, Google Pay and what is usual where you are
store-p-wechat = WeChat Pay
store-p-wechat-more = In WeChat on your phone, or with a code to scan
store-p-alipay = Alipay
store-p-alipay-more = In the Alipay app, or on its page
wallet-came = The money is in your wallet.
wallet-coming = We wait for word that your money is there. This page looks again by itself.
wallet-back-to = Back to my wallet

console-payments = Payments
console-payments-sub = Who takes the money, how they are, and whether their statements fit the books.
console-payment-providers = Providers
console-payment-provider = Provider
console-payment-open = Open
console-payment-last = Last notice
console-payment-off = Not set up
console-payment-incomplete = Settings missing
console-payment-untried = Not used yet
console-payment-well = Works
console-payment-trouble = Trouble
console-payment-play = Play money
console-payment-holds = Holds { $amount } for the shop, by the books
console-payment-missing = Still needed: { $settings }
console-payment-open-failed = A try failed
console-payment-open-waiting = Waiting
console-payment-open-by-hand = Waits for you
console-payment-top-up = Top-up through { $provider }
console-payment-open-title = Being paid
console-payment-open-text = Begun and not over. Each is asked about again and again, so that a lost notice is found.
console-payment-order = Order
console-payment-amount = Amount
console-payment-asked = Last asked about
console-statements = Statements
console-statements-sub = What each provider says it moved, day by day, held against the books.
console-statements-open = { $count ->
    [one] 1 difference waits for somebody.
   *[other] { $count } differences wait for somebody.
}
console-statements-none = No statement yet. The first comes the morning after the first payment.
console-statement-sub = Every line of theirs against every payment and refund of ours.
console-statement-fits = Everything fits
console-statement-lines = { $count ->
    [one] 1 line
   *[other] { $count } lines
}
console-statement-open = { $count ->
    [one] 1 difference
   *[other] { $count } differences
}
console-statement-settled = { $count } settled
console-statement-provider = asked for
console-statement-file = brought
console-statement-file-label = File
console-statement-fetch = Ask for a statement
console-statement-fetch-text = Statements are asked for by themselves, about ten in the morning. A day may be read again at any time.
console-statement-fetch-act = Ask now
console-statement-day = Day
console-statement-day-maybe = Day (empty: as the file says)
console-statement-bring = Bring a statement
console-statement-bring-text = The file as it was downloaded: Stripe's itemised balance report, WeChat Pay's trade bill, Alipay's business details.
console-statement-bring-act = Read the file
console-statement-read = The statement was read.
console-difference-settled = Settled
console-difference-open = Open
console-difference-gone = Gone
console-difference-name = About
console-difference-ours = Our books
console-difference-theirs = Their statement
console-difference-found = Found
console-difference-line = line { $line }
console-difference-note = What was found out
console-difference-settle = Settle
console-difference-missing_here = Missing here
console-difference-missing_here-why = They moved it, and our books do not know it.
console-difference-missing_there = Missing there
console-difference-missing_there-why = Our books have it, and no statement of theirs does.
console-difference-amount = Another amount
console-difference-amount-why = Both sides know it, with different amounts.
console-difference-currency = Another currency
console-difference-currency-why = Both sides know it, in different currencies.
console-difference-twice = Twice
console-difference-twice-why = It is on their statements more than once.
console-difference-status = Another state
console-difference-status-why = One side says it is done, the other that it is not.
console-difference-fee = Another fee
console-difference-fee-why = They took another fee than their own rate or the contract says; the books show the right one.
console-difference-day = Another day
console-difference-day-why = It is on the statement of a day that is not near ours.
console-difference-unexpected = Unexpected
console-difference-unexpected-why = Money that moved and is neither a payment nor a refund, such as a dispute.

console-case-refund_slow = A refund that takes more than a day
console-case-statement_differs = A statement that does not fit the books

console-invariant-Y1 = What a provider took and gave back went through that provider's own account
console-invariant-Y2 = A statement has as many lines as it says, all of its own day
console-invariant-Y3 = Who settled a difference said why, and it is in the staff log
console-invariant-Y4 = A statement that differs has a case for a person
console-invariant-Y5 = A line of a statement agrees with the books, or the difference is known
console-invariant-Y6 = What was taken on a day stands on a statement of then, or is known to be missing

api-group-staff-payments = Staff: payments

refusal-reconciliation-bad-day = That is no day, or one that is not over yet.
refusal-reconciliation-not-a-statement = This is not a statement of that day by that provider ({ $why }).
refusal-reconciliation-no-note = Say what was found out, in 1 to 1000 letters.
refusal-reconciliation-not-open = It is settled already, or gone.
