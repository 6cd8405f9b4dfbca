# Fission coupons: started by one, shared among friends, used at the checkout.

fission-says = A coupon of { $total }, shared in { $count } parts.
fission-words = { $total } in coupons for { $count } of us. Take your part!
fission-any-amount = Parts can be used on any order.
fission-from = Parts can be used on orders of { $amount } or more.
fission-soon = It begins soon.
fission-none-left = All have been given out.
fission-begin = Start sharing
fission-begin-order = Share for my order
fission-step-start = Start one: it is divided at once.
fission-step-share = Send it to friends. Each takes a part.
fission-step-use = Use your part at the checkout.
fission-own = What you share
fission-own-taken = { $taken } of { $count } taken
fission-own-over = Over
fission-own-share = Share
fission-own-see = See
fission-heading = { $name } shares { $total } with you
fission-say = { $n ->
    [one] One part is left.
   *[other] { $n } parts are left.
}
fission-own-heading = Share { $total } with friends
fission-own-say = { $n ->
    [one] One part is left. Send it to a friend.
   *[other] { $n } parts are left. Send it to friends.
}
fission-take = Take a part
fission-take-seal = Take
fission-free = Not taken
fission-all-taken = Every part is taken.
fission-over = Its time is over. What was left went back.
fission-for-friends = The parts are for your friends.
fission-rule-anyone = Whoever has the link takes one part.
fission-rule-new = Friends who have never bought here take one part each.
fission-rule-household = One part for all who share a device or an address.
fission-rule-coupon = A part is a coupon. It cannot be paid out or sent to others.

clause-fission-starts-anyone = Anybody may start one.
clause-fission-starts-after_order = Every order that is paid while it runs may start one.
clause-own-part = Whoever starts it may take a part as well.
clause-no-own-part = Whoever starts it takes no part.
clause-fission-takers-anyone = Anybody may take a part; one for all who share a device or an address.
clause-fission-takers-new_customers = People who have never bought here may take a part; one for all who share a device or an address.
clause-friends-parts = { $n ->
    [one] One person takes one friend’s part in this campaign.
   *[other] One person takes parts of { $n } friends in this campaign.
}
clause-part-is-coupon = A part is a coupon: it is used at the checkout, and is not paid out.

console-terms-part_coupon = Kind of coupon
console-terms-part_coupon-help = It says from what amount, for what and how long a part can be used. The part says how much it takes off. Make one under Coupons.
console-terms-fission_total = What each starter shares
console-terms-fission_count = Parts
console-terms-starter = Who starts one
console-terms-starter-anyone = Anybody
console-terms-starter-after_order = Who paid for an order, once for each
console-terms-takers = Who takes a part
console-terms-takers-anyone = Anybody
console-terms-takers-new_customers = Who never bought
console-terms-per_taker = Friends’ parts one person may take
console-terms-own_part = The starter takes a part as well

console-fission-started = Started
console-fission-taken = Parts taken
console-fission-used = Used for good
console-fission-list = Shared coupons
console-fission-open = Open
console-fission-full = All taken
console-fission-closed = Over

refusal-fission-expired = Its time is over.
refusal-fission-all-taken = Every part is taken.
refusal-fission-already-taken = You took your part already.
refusal-fission-for-friends = The parts are for your friends. Send it to them.
refusal-fission-new-customers-only = Only people who have never bought here take a part of this one.
refusal-fission-enough = { $most ->
    [one] One person takes one friend’s part in this campaign.
   *[other] One person takes parts of { $most } friends in this campaign.
}
refusal-fission-same-cluster = Somebody on this device or at this address takes part already.
refusal-fission-none-left = All have been given out.
refusal-fission-no-order = Pay for an order first: each starts one.
refusal-fission-bad-terms = { $which ->
    [count] It has 2 to 50 parts.
    [total] The whole holds the least for every part.
    [taker] One person takes one part or more.
    [life] It lasts ten minutes to thirty days.
    [coupon] Choose a kind of coupon that takes money off goods and can still be had.
    [threshold] The coupon has to be used from more than the largest part takes off.
   *[budget] The budget does not hold one whole.
}

console-invariant-FC1 = The parts of a fission coupon come to its total, and are taken in their order
console-invariant-FC2 = Every part is promised out of its campaign’s budget, to whoever took it or its starter
console-invariant-FC3 = A part was taken in its time, and is a coupon of its amount
console-invariant-FC4 = A fission coupon is closed when its time is over, and what nobody took is free again
console-invariant-FC5 = A coupon’s cost waits while it can be used, is spent with a kept order, and else free
console-invariant-FC6 = Whoever takes friends’ parts is counted for each, and one order starts one for its buyer

console-webhook-about-fission = Shared coupons
