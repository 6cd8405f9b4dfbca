# Points and levels: what one has, how they come and go, what the merchant settles.
point-mine = Points and level
point-available = Points you can spend
point-worth = Worth up to { $price } of an order
point-owed = { $points } points are owed: points that come repay them first.
point-expiring = { $points } points are gone from { $date }.
point-how = How it works
point-how-spent = { $points } points take { $price } off.
point-how-earned = { $points } for every { $price } paid for goods, once the order is completed.
point-says = Points are no money: they are not paid out, cannot be sent to other people, and go back with what earned them.
point-statement = What came and went
point-nothing = Nothing yet.
point-now-owed = { $points } of them owed
point-repaid = { $points } of them repaid what was owed
point-kind-earned = Earned by an order
point-kind-spent = Spent on an order
point-kind-expired = Expired
point-kind-taken-back = Taken back with a refund
point-kind-returned = Back from an order
point-kind-spent-again = Spent on an order after all
point-kind-given = From the shop
point-kind-taken = Taken by the shop
point-kind-won = Won
point-kind-won-back = Taken back by a campaign
point-kind-forgotten = Let go
level-missing = { $growth } growth to { $name }
level-highest = You are at the top.
level-until = kept until { $date }
level-from = from { $growth }
level-boost = { $times }× points
console-points = Points
console-points-sub = Who has how many, and what the shop owes in them.
console-points-out = Points that are out
console-points-worth = Worth at checkout
console-points-people = People who have some
console-points-expiring = Gone within 30 days
console-points-find = Somebody’s e-mail address, phone number or id
console-points-open = Open
console-points-none = Nobody has points yet.
console-point-owed = Owed
console-point-give = Give points
console-point-take = Take
console-point-take-ask = Take these points?
console-levels = Points and levels
console-levels-sub = How buying earns points and growth, what points are worth, and what a level brings.
console-points-earning = Earning
console-points-earns = Completed orders earn points
console-points-per = for every so much paid for goods
console-points-life = Good for so many days
console-points-life-help = Empty: for ever.
console-points-spending = Spending
console-points-spends = Points are taken at checkout
console-points-take-off = take off
console-points-most = at most of the goods
console-points-least = no fewer than
console-level-growth-per = One growth for every
console-level-growth-help = Paid for goods, when the order is completed. A refund takes it back.
console-ladder = Levels
console-ladder-sub = The lowest first; it begins at 0. Whoever reaches a level keeps it for a year, and then has what that year brought.
console-ladder-help = A step without a name is none. No step has fewer points than the one below.
console-level = Level
console-level-growth = Growth
console-level-name = Name
console-level-name-en = In English
console-level-from = From growth
console-level-boost = Points
console-level-group = Prices of group
console-level-no-group = no group
console-level-people = { $count ->
    [one] { $count } person
   *[other] { $count } people
  }
console-invariant-B1 = Somebody’s account of points holds what lies in their lots
console-invariant-B2 = What lies in a lot is what its moves put in and took out
console-invariant-B3 = Every move is in lots what it is in points, but for what was owed or repaid
console-invariant-B4 = What somebody owes is what was taken back and was not there, less what they repaid
console-invariant-B5 = Every move of points is in the books once, and nothing else moves them
console-invariant-B6 = An order’s points are those of its lines, and moved as often as they should
console-invariant-B7 = What went back of an order took back what it had earned
console-invariant-B8 = What was spent on an order that was not sold came back
console-invariant-B9 = Points that staff gave or took are in the staff log
console-invariant-B10 = Points that have expired are gone two days later at the latest
console-invariant-B11 = Everybody stands where the last change left them
console-invariant-B12 = A ladder begins at nothing, and each step is above the one before
check-in-day = Day { $n }
check-in-begin = Check in every day: the points grow.
check-in-kept = { $n ->
    [one] Day 1 is yours. See you tomorrow!
   *[other] { $n } days in a row. See you tomorrow!
  }
check-in-keep = { $n ->
    [one] 1 day so far: keep it going today.
   *[other] { $n } days in a row: keep it going today.
  }
check-in-next = { $points } more in { $n } days.
check-in-go = Check in
check-in-done = Checked in today
check-in-share = “{ $title }”: check in every day, and the points grow. Join me!
task-mine = Tasks
task-none = There is nothing to do right now.
task-points = { $points } points
task-take = Take
task-taken = Taken
task-do = Do it
task-share = “{ $title }”: small things to do, points for each. Join me!
task-every-once = once
task-every-day = every day
task-every-week = every week
task-deed-check-in = { $n ->
    [one] Check in
   *[other] Check in { $n } times
  }
task-deed-view = { $n ->
    [one] Look at a product
   *[other] Look at { $n } products
  }
task-deed-share-visited = { $n ->
    [one] Somebody opens what you shared
   *[other] { $n } people open what you shared
  }
task-deed-order-paid = { $n ->
    [one] Place an order
   *[other] Place { $n } orders
  }
task-deed-order-completed = { $n ->
    [one] Keep an order
   *[other] Keep { $n } orders
  }
task-deed-review = { $n ->
    [one] Write a review
   *[other] Write { $n } reviews
  }
task-deed-play = { $n ->
    [one] Play along
   *[other] Play along { $n } times
  }
task-deed-profile = Fill in your profile
console-terms-day_points = Points of each day
console-terms-day_points-help = One number a line: the first, second … day of a streak; then it goes round again.
console-terms-streaks = More for a whole streak
console-terms-streaks-help = One a line: days in a row, a colon, points.
console-terms-tasks = Tasks
console-terms-tasks-help = One a line: what, how many, once, day or week, points. What: check_in, share_visited, order_paid, order_completed, review.
point-use = Use my { $n } points
point-use-more = as many as this order takes
console-journal-points = Points
points-shop = Points shop
points-shop-sub = Coupons and things for the points you have earned.
points-shop-have = You have { $points } points.
points-shop-none = Nothing to be had for points just now
points-shop-none-more = Points go on counting. Look in again.
points-shop-says = Points are not money: they are exchanged for what is listed here, and for no cash. When an order is sent back or not paid, its points come back.
points-shop-cost = { $points } points
points-shop-cost-both = { $points } points + { $price }
points-shop-sign-in = Sign in to exchange
points-shop-coupon = Coupon
points-shop-alone = without points
points-shop-see = See it
points-shop-left = { $n } left
points-shop-limit = { $n } a person
points-shop-take = Exchange
points-shop-for = Exchange { $cost }
points-shop-share = “{ $name }” for { $cost }. Have a look!
points-shop-others = What else there is
points-shop-sent-free = It is sent to you for nothing.
points-shop-sold-out = All gone
points-shop-had = You have had it
points-shop-level = For higher levels
points-shop-missing = Not enough points
points-shop-mine = My exchanges
points-shop-mine-none = You have exchanged nothing yet
points-shop-given = In your coupons
points-shop-undone = Not paid: points are back
points-shop-done = Exchanged.
clause-points-shop = Points are exchanged for what is listed and for no cash. The points of an order that is refunded or closes unpaid come back.
console-campaign-wares = What can be had
console-campaign-wares-hint = One a line: a coupon’s name or a product’s SKU | points | how many there are (a coupon may leave it empty) | how many a person | money besides (goods alone) | from level (0 for everybody). Units of goods are set aside when it starts.
console-points-shop-so-far = What was exchanged
console-points-shop-row = { $exchanged } exchanged by { $people } for { $points } points
console-invariant-PS1 = Of every item of a points shop as many are gone as were exchanged
console-invariant-PS2 = How many of an item somebody has had is what their exchanges say
console-invariant-PS3 = Every exchange was paid for in points, once, by whoever had it
console-invariant-PS4 = What was exchanged is its receiver’s: a coupon, or an order of the goods at their price
