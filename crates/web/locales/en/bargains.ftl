# Bargains: a price that friends cut down.
bargain-left = { $price } to go to the lowest price
bargain-reached = Down to { $price }!
bargain-for = Help { $name } cut the price
bargain-reached-for = { $name } has reached the lowest price
bargain-over = The time for this bargain is over
bargain-bought = Bought at { $price }
bargain-helped = You cut off { $price }. Thank you!
bargain-missing = { $n ->
    [one] One more friend at the most
   *[other] { $n } more friends at the most
}
bargain-waits = Your order waits to be paid. Until then the price stays as it is.
bargain-pay-in-time = Buy it in time: then it costs what it cost before.
bargain-help = Cut it down
bargain-mine-too = I want one too
bargain-again = Bargain again
bargain-buy = Buy for { $price }
bargain-ask-friends = Ask friends to cut
bargain-now = The price is { $price } now
bargain-gone = { $price } cut off
bargain-floor = lowest
bargain-progress = { $taken } of { $cuts } cuts were made, { $left } is left to cut.
bargain-own-cut = The first cut of { $price } came with the beginning.
bargain-words = Help me cut “{ $name }” down to { $price }: one tap
bargain-helpers = Who helped
bargain-fair = How the cuts were drawn
bargain-hash = Every cut was drawn before the first friend came. This is the SHA-256 of what they were drawn by; it is shown itself when the bargain is over.
bargain-seed = What the cuts were drawn by
bargain-how = { $n ->
    [one] Choose something and send it to friends: one cut brings it to its lowest price.
   *[other] Choose something and send it to friends: { $n } cuts bring it to its lowest price.
}
bargain-begin = Begin to bargain
bargain-go-on = Go on with my bargain
bargain-gone-all = None left just now
bargain-units-left = { $n ->
    [one] One left
   *[other] { $n } left
}
store-bargain-to = Bargain it down to { $price } with friends
console-drop-coupon = Coupon, and what it takes off at most
console-drop-taken = Taken
console-drop-left = Left
console-drop-held = In people’s hands
console-drop-used = Used by an order
console-drop-gone = Expired or taken back
console-drop-given = Used, and the order was kept
console-bargain-launches = Bargains begun
console-bargain-running = Being cut
console-bargain-reached = Came to the lowest price
console-bargain-bought = Bought
console-bargain-expired = Time ran out
console-bargain-helpers = People who helped
console-bargain-helps = Cuts by friends
console-terms-units = Units in one bargain
console-invariant-BG1 = The cuts of a bargain come to the whole way from its price to its floor, to the cent
console-invariant-BG2 = What was cut off is the sum of the cuts that were taken, one after the other
console-invariant-BG3 = Each cut was taken by one person, and nobody but at first cuts their own
console-invariant-BG4 = A bargain pays for one order, of its goods, at the price it came down to
console-invariant-BG5 = A bargain is bought when its order is paid, and over when its time is
console-invariant-BG6 = Nobody helped more often with bargains than is counted, nor than their campaign lets them
notice-bargain-reached-title = Your bargain is at its lowest price
notice-bargain-reached-body = “{ $product }” is yours for { $amount }. Buy it in time.
refusal-bargain-own = This bargain is yours. Send it to friends: they can cut it down.
refusal-bargain-already-helped = You have helped with this bargain already. Thank you!
refusal-bargain-same-cluster = Somebody on this device or at this address takes part already.
refusal-bargain-reached = It is at its lowest price already: nothing is left to cut.
refusal-bargain-expired = The time for this bargain is over.
refusal-bargain-bought = This was bought already.
refusal-bargain-enough-help = One person can help { $most } times in this campaign.
refusal-bargain-enough-today = One person can help { $most } times a day. Please come back tomorrow.
refusal-bargain-not-reached = It can be bought at its lowest price only; { $left } is left to cut.
refusal-bargain-in-use = An order with this bargain waits to be paid; until then its price stays as it is.
letter-bargain-reached = Bargain at its lowest price
