# The console: webhooks.

console-webhooks = Webhooks
console-webhooks-sub = Programs of yours that are told what happens, signed, until they have heard it.
console-webhooks-empty = Nobody is told yet
console-webhooks-empty-text = An ERP, a warehouse or a chat can hear of every order, payment and team the moment it happens. Nothing is lost while it is away.
console-webhooks-docs = How it is done
console-webhook-new = New endpoint
console-webhook-new-sub = It hears of everything that happens from now on.
console-webhook-make = Make it
console-webhook-url = Address
console-webhook-url-help = https, on the public network. Redirects are not followed.
console-webhook-play = In this sandbox http on this very machine will do too, such as http://127.0.0.1:9000/hooks.
console-webhook-description = What it is for
console-webhook-description-hint = Warehouse
console-webhook-events = What it is told
console-webhook-wants-all = Everything
console-webhook-wants-some = Only these
console-webhook-wants = { $count ->
    [one] 1 kind of event
   *[other] { $count } kinds of events
}
console-webhook-none-chosen = Choose at least one event, or everything.
console-webhook-about-person = People
console-webhook-about-product = Products
console-webhook-about-stock = Stock
console-webhook-about-order = Orders
console-webhook-about-payment = Payments
console-webhook-about-refund = Refunds
console-webhook-about-group_buy = Group buys
console-webhook-about-team = Teams
console-webhook-about-link = Share links
console-webhook-about-case = Cases
console-webhook-on = on
console-webhook-failing = failing
console-webhook-off = off
console-webhook-last = Last heard
console-webhook-fine = It hears everything
console-webhook-fine-text = Last { $when }.
console-webhook-quiet = Nothing to tell yet
console-webhook-quiet-text = Send it a test event to see whether it listens.
console-webhook-failing-title = It has taken nothing since { $when }
console-webhook-failing-text = { $count ->
    [one] 1 delivery waits
   *[other] { $count } deliveries wait
} and will be tried again for three days. Then the endpoint is switched off.
console-webhook-off-staff = Switched off
console-webhook-off-gone = It said that it is gone (410)
console-webhook-off-failing = It took nothing for three days
console-webhook-off-text = Nothing is kept for it meanwhile. When it is on again, “tell again” brings what it missed.
console-webhook-switch-on = Switch on
console-webhook-switch-off = Switch off
console-webhook-switch-off-ask = What waits for it will be given up. Switch it off?
console-webhook-switched-on = It is on, and is told of what happens from now on.
console-webhook-switched-off = It is off.
console-webhook-removed = The endpoint is removed, with its log.
console-webhook-replayed = { $count ->
    [0] There is nothing to tell again.
    [one] It will be told again in a moment.
   *[other] { $count } events will be told again in a moment.
}
console-webhook-fresh = This is its secret.
console-webhook-fresh-say = It is shown only now. The endpoint checks signatures with it.
console-webhook-secret = Secret
console-webhook-secret-made = made { $when }
console-webhook-secret-ends = signs until { $when }
console-webhook-rotate = New secret
console-webhook-rotate-text = The secret before it signs too for another day, so that nothing is refused while you change it.
console-webhook-rotate-ask = Make a new secret? The one in use stops in a day.
console-webhook-deliveries = What it was told
console-webhook-deliveries-none = Nothing here.
console-webhook-view-all = All
console-webhook-view-waiting = Waiting
console-webhook-view-sent = Sent
console-webhook-view-dead = Given up
console-webhook-event = Event
console-webhook-answered = Answer
console-webhook-happened = Happened
console-webhook-replay-since = Tell again
console-webhook-replay-since-text = Everything it wants since a moment, under the same ids: what it has already it knows.
console-webhook-since = Since
console-webhook-replay-do = Tell again
console-webhook-test = Test
console-webhook-test-plain = A plain test (webhook.test)
console-webhook-test-send = Send
console-webhook-test-dry = Only show
console-webhook-dry = Not sent
console-webhook-dry-text = This is what would be sent.
console-webhook-answer = { $status } in { $took } ms
console-webhook-no-answer = No answer in { $took } ms
console-webhook-edit = Change or remove
console-webhook-remove = Remove
console-webhook-remove-ask = Remove the endpoint and the log of what it was told?
console-webhook-replay = Tell again
console-webhook-facts = The event
console-webhook-id = webhook-id
console-webhook-about = About
console-webhook-next = Next try
console-webhook-ended = Ended
console-webhook-body = Body
console-webhook-tries = Tries
console-webhook-tries-none = Not tried yet.
console-webhook-try = { $number }. { $answer }
console-job-webhook-send = Tell an endpoint
console-case-webhook_off = An endpoint that was switched off
console-invariant-E8 = Each event goes to each endpoint once, and ends as sent or given up
console-invariant-E10 = What an endpoint wants of the log is on its way to it, without a gap
console-invariant-E11 = No delivery lies past its time
console-invariant-E12 = An endpoint that is off has nothing waiting, and each has one lasting secret
console-invariant-E13 = Every try is written down, and what was sent was taken
api-group-staff-webhooks = Staff: webhooks
