# Campaigns: every way to win together, in the shop and behind the counter.
console-campaigns = Campaigns
console-campaigns-sub = One life, one budget and one set of limits for every way to win. Nothing starts that the check holds up.
console-campaign-new = New campaign
console-campaign-choose = What shall people win by?
console-campaign-list = List
console-campaign-calendar = Calendar
console-calendar-month = { $month ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[other] December
} { $year }
console-calendar-before = The month before
console-calendar-after = The month after
console-weekday-1 = Mon
console-weekday-2 = Tue
console-weekday-3 = Wed
console-weekday-4 = Thu
console-weekday-5 = Fri
console-weekday-6 = Sat
console-weekday-7 = Sun
console-campaign-mechanic = Mechanic
console-campaign-ended-early = Ended early
console-campaign-none = No campaign here yet.
console-campaign-none-say = Choose a template, set the dates and the budget, and launch: it takes less than two minutes.
console-campaign-title = Name
console-campaign-title-hint = Shoppers read it.
console-campaign-copy = What it says
console-campaign-copy-hint = A few words on the page. The check reads them too.
console-campaign-picture = Picture
console-campaign-starts = Starts
console-campaign-ends = Ends
console-campaign-budget = Budget
console-campaign-budget-hint = What it may give away at the very most. It is reserved before anything is promised.
console-campaign-goal = Goal
console-campaign-target = Target
console-campaign-audience = For whom
console-campaign-audience-everyone = Everyone
console-campaign-audience-new_customers = New customers
console-campaign-audience-buyers = People who have bought
console-campaign-audience-level = From a level up
console-campaign-audience-groups = Customer groups
console-campaign-audience-list = A saved list
console-campaign-limits = Limits
console-campaign-per-person = For each person
console-campaign-per-cluster = For all who share a device or an address
console-campaign-per-day = Each day
console-campaign-total = In all
console-campaign-holdout = Held out
console-campaign-holdout-hint = Percent of the audience who do not see it, so that its true effect can be measured.
console-campaign-channels = Channels
console-campaign-rewarded = Sharing there is rewarded
console-campaign-channel-shop = Shop
console-campaign-channel-wechat = WeChat
console-campaign-channel-weibo = Weibo
console-campaign-channel-douyin = Douyin
console-campaign-channel-xiaohongshu = Xiaohongshu
console-campaign-channel-email = E-mail
console-campaign-channel-sms = SMS
console-campaign-channel-poster = Poster
console-campaign-channel-link = Link
console-campaign-measure-orders = Orders
console-campaign-measure-buyers = Buyers
console-campaign-measure-new_customers = New customers
console-campaign-measure-participants = Participants
console-campaign-measure-shares = Shares
console-campaign-measure-visits = Visits
console-campaign-measure-sales = Sales
console-campaign-combines = Goes together with
console-campaign-combines-promotions = Promotions
console-campaign-combines-coupons = Coupons
console-campaign-combines-points = Points
console-campaign-offered = Goods and prices
console-campaign-offered-hint = One variant a line: its SKU, the price in the campaign, and how many are set aside (empty: from the ordinary stock).
console-campaign-save = Save draft
console-campaign-save-launch = Save and launch
console-campaign-edit = Edit
console-campaign-copy-again = Run again
console-campaign-step-check = Check
console-campaign-step-launch = Launch
console-campaign-step-recall = Back to draft
console-campaign-step-pause = Pause
console-campaign-step-resume = Go on
console-campaign-step-end = End now
console-campaign-step-evaluate = Close the books
console-campaign-status-draft = Draft
console-campaign-status-checked = Checked
console-campaign-status-scheduled = Scheduled
console-campaign-status-running = Running
console-campaign-status-paused = Paused
console-campaign-status-ended = Ended
console-campaign-status-evaluated = Evaluated
console-campaign-check = Check before launch
console-campaign-check-clean = Nothing stands in the way.
console-campaign-check-pack = Held against { $pack }. It is a help, and no lawyer.
console-campaign-blocks = Stands in the way
console-campaign-warns = Please look
console-campaign-answered = Answered
console-campaign-answer = Answer
console-campaign-answer-ground = Why it is allowed
console-campaign-answer-evidence = What shows it
console-campaign-answer-evidence-hint = A register and number, a file, a link.
console-campaign-mend-only = This can only be mended.
console-campaign-ground-aim = It says what we strive for
console-campaign-ground-self_comparison = It compares our own goods
console-campaign-ground-tip = It is advice on use
console-campaign-ground-graded = A standard grades it so
console-campaign-ground-registered_name = It is part of a registered name
console-campaign-ground-award = It was officially awarded
console-campaign-ground-dated_data = It is a dated figure with its source
console-campaign-ground-approved = Whose business it is allowed it
console-campaign-money = Budget
console-campaign-funded = Put in
console-campaign-available = Can be promised
console-campaign-escrow = Promised, waits
console-campaign-given = Given
console-campaign-returned = Went back
console-campaign-owed = Undone, still owed
console-campaign-people = People
console-campaign-entries = Times taken part
console-campaign-waiting = { $count ->
    [one] One reward waits
   *[other] { $count } rewards wait
}
console-campaign-story = What happened
console-campaign-rewards = Rewards
console-campaign-no-rewards = Nothing was won yet.
console-campaign-reward-what = What was won
console-campaign-reward-whose = By whom
console-campaign-reward-who = The customer
console-campaign-reward-when = When
console-campaign-reward-waiting = Waits
console-campaign-reward-given = Given
console-campaign-reward-released = Released
console-campaign-reward-clawed_back = Taken back
console-campaign-reason-created = Written
console-campaign-reason-copied = Copied
console-campaign-reason-changed = Changed
console-campaign-reason-checked = Checked
console-campaign-reason-launched = Launched
console-campaign-reason-started = Started
console-campaign-reason-by_staff = By staff
console-campaign-reason-by_the_clock = By the clock
console-campaign-rules = Rules page
console-campaign-see = See it in the shop
console-campaign-more = More settings
console-campaign-done-saved = Saved.
console-campaign-done-launched = Launched.
console-campaign-done-moved = Done.
console-campaign-done-answered = Answered.
console-may-campaigns = Campaigns
console-may-campaigns-say = Every way to win, what it may give away, and whether it may start
console-account-campaign_fund = Campaigns: can be promised
console-account-campaign_escrow = Campaigns: promised
console-account-campaign_spent = Campaigns: taken off prices
console-account-points_held = Points of shoppers
console-account-points_issued = Points given out
console-invariant-OF1 = Of a coupon drop as many are gone as were taken
console-invariant-OF2 = Every coupon of a drop is of its kind, and its worth was promised once
console-invariant-OF3 = What a coupon of a drop is worth is given once its order was kept, and goes back when nothing comes of it
console-invariant-OF4 = What is left of a coupon drop that is on is in its budget
console-invariant-FS1 = What a campaign set aside is what is left, held and sold of it
console-invariant-FS2 = Nobody has more of a flash sale than they may, and an order that ended unpaid counts nothing
console-invariant-FS3 = An order of a campaign has its price, and was placed while that was good
console-invariant-FS4 = Whoever waits is served in the order they came, and what is kept for them is there
console-invariant-FS5 = Nobody waits for what is over, and whoever asked for it is told when it begins
console-invariant-Z1 = What was put into a campaign is what it still has, what waits, and what was given
console-invariant-Z2 = What waits in a campaign’s escrow is what it promised and neither gave nor released
console-invariant-Z3 = Every reward is in the books once, and what its coupons took off is where it was given
console-invariant-Z4 = Nobody won more often than a campaign’s limits let them
console-invariant-Z5 = A campaign that is over keeps no stock and promises nothing more
console-invariant-Z6 = Campaigns start and end when they say, and every change of state is told
console-invariant-Z7 = Nothing that was done within an app brought a reward where the campaign gives none
console-invariant-Z8 = A campaign takes nothing off what a seller earns
mechanic-group_buy = Group buy
mechanic-promotion = Promotion
mechanic-coupon_drop = Coupon drop
mechanic-fission_coupon = Shared coupon
mechanic-flash_sale = Flash sale
mechanic-bargain = Bargain
mechanic-assist = Help me win
mechanic-red_packet = Red packet
mechanic-draw = Lucky draw
mechanic-invite_reward = Invite a friend
mechanic-check_in = Check-in
mechanic-tasks = Tasks
mechanic-guess = Guess the price
mechanic-quiz = Quiz
mechanic-gift = Gift
mechanic-points_shop = Points shop
mechanic-group_buy-say = People buy together and pay less.
mechanic-promotion-say = Spend more and save, bundles, gifts.
mechanic-coupon_drop-say = So many coupons, for whoever comes first.
mechanic-fission_coupon-say = One coupon, shared among friends.
mechanic-flash_sale-say = A few units, a short time, one price.
mechanic-bargain-say = Friends cut the price down, cent by cent.
mechanic-assist-say = Friends help, and a reward unlocks.
mechanic-red_packet-say = A sum divided among those who come first.
mechanic-draw-say = A wheel, a scratch card, a grid: provably fair.
mechanic-invite_reward-say = Both get something once a friend’s first order is kept.
mechanic-check_in-say = Come every day, get points.
mechanic-tasks-say = Small things to do, points for each.
mechanic-guess-say = The nearest guess wins.
mechanic-quiz-say = Right answers win.
mechanic-gift-say = Buy it for a friend, who says where it goes.
mechanic-points_shop-say = Points for goods and coupons.
store-campaigns = What is on
store-campaigns-sub = What you can take part in now, and what begins soon
store-campaigns-none = Nothing is on just now. Come back soon.
store-campaign-until = Until { $when }
store-campaign-from = From { $when }
store-campaign-rules = Rules
store-campaign-paused = Paused for the moment
store-campaign-over = This is over.
store-campaign-rules-head = The rules
store-campaign-rules-of = Rules of “{ $title }”
clause-runs = It runs from { $from } until { $until }.
clause-for-everyone = It is for everyone.
clause-for-new_customers = It is for people who have never bought here.
clause-for-buyers = It is for people who have bought here.
clause-for-level = It is for members from level { $from } up.
clause-for-groups = It is for members of certain customer groups.
clause-for-list = It is for people who were invited to it.
clause-per-person = { $n ->
    [one] In the whole campaign each person once.
   *[other] In the whole campaign each person at most { $n } times.
}
clause-per-cluster = { $n ->
    [one] Everybody together who shares a device or an address once.
   *[other] Everybody together who shares a device or an address at most { $n } times.
}
clause-per-day = { $n ->
    [one] Each person once a day.
   *[other] Each person at most { $n } times a day.
}
clause-in-all = At most { $n } in all.
clause-budget = At most { $amount } is given away. What is promised is kept.
clause-no-promotions = Its price does not go together with promotions.
clause-no-coupons = Its price does not go together with coupons.
clause-no-points = Its price does not go together with points.
clause-not-rewarded-in = What is shared and opened within { $channel } is not rewarded: open it in a browser.
clause-coupons = { $n } coupons in all, for whoever comes first.
clause-takes-off = It takes { $amount } off.
clause-takes-off-part = It takes { $figure }% off.
clause-takes-off-freight = It takes off shipping.
clause-takes-off-freight-most = It takes up to { $amount } off shipping.
clause-gives = A gift comes along: { $n } pieces.
clause-from-amount = From { $amount } on.
clause-stands-alone = It goes together with no other coupon.
clause-usable-between = It can be used from { $from } until { $until }.
clause-usable-for = It can be used for { $span } after it was taken.
clause-comes-back = When everything it paid for is refunded, it comes back for as long as it still had.
clause-gone-on-refund = It does not come back after a refund.
clause-cuts = The price falls in at most { $n } cuts, from the full price to the floor, exact to the cent.
clause-own-cut = The first cut is your own.
clause-new-cuts = Helpers who are new here take { $n } cuts.
clause-helper-limits = One person helps at most { $all } times in this campaign, and { $day } times a day; each bargain once.
clause-any-price = You can buy at any price on the way.
clause-floor-only = You can buy once the floor is reached.
clause-pay-within = Pay within { $span }.
clause-lives = Each one lasts { $span }.
clause-one-order = Each is good for one order.
clause-unlocks = { $n } helpers unlock { $amount }.
clause-helps-at-most = { $n ->
    [one] Each friend can help once.
   *[other] Each friend can help { $n } times at most.
}
clause-helper-gets = A helper gets { $amount }.
clause-packet-equal = { $amount } in { $n } equal parts.
clause-packet-random = { $amount } in { $n } parts by chance.
clause-least-part = No part is below { $amount }.
clause-rest-goes-back = What nobody took goes back to who gave it.
clause-no-cash = It is store credit, and is not paid out.
clause-prize = { $name }: { $count } of them, worth { $amount } each, chance { $chance } %.
clause-prize-endless = { $name }: for everybody else, chance { $chance } %.
clause-gone-falls = When a prize is gone, its chance falls to the last one.
clause-seed-hash = The hash of the seed, published before: { $hash }
clause-slot = Every day from { $from } to { $until }.
clause-quantities = At most { $order } an order and { $person } a person.
clause-first-come = Whoever comes first is served first; what is not paid for goes to whoever waits.
clause-invite-reward = You get { $inviter }, your friend { $friend }.
clause-invite-reward-one = You get { $inviter }.
clause-rewarded-a-month = At most { $n } times a month.
clause-first-order-within = Your friend’s first order comes within { $span }.
clause-first-order-from = It costs { $amount } or more.
clause-when-kept = It is given when that order was received and can no longer be sent back.
clause-one-level = Only who invited them is rewarded, and nobody above.
clause-day-points = Points by day: { $list }.
clause-streak-bonus = { $n } days in a row: { $points } points more.
clause-guesses = { $n ->
    [one] One guess each.
   *[other] { $n } guesses each.
}
clause-nearest-win = The { $n } nearest win.
clause-nearest-win-within = The { $n } nearest win, no further off than { $within }.
clause-winner-gets = Each winner gets { $amount }.
clause-task = { $what } ({ $often }): { $brings }.
clause-earlier-wins = Of two alike the earlier wins.
clause-sealed = The hash of the answer, published before: { $hash }
clause-questions = { $asked } questions in { $span }; { $pass } right ones win.
clause-tries-a-day = { $n ->
    [one] One try a day.
   *[other] { $n } tries a day.
}
clause-helpers-anyone = Anybody can help.
clause-helpers-new_customers = Only people who have never bought here can help.
clause-helpers-buyers = Only people who have bought here can help.
clause-counts-helped = A helper counts when they help.
clause-counts-first_paid = A helper counts with their first paid order.
clause-counts-window_closed = A helper counts once their first order was received and can no longer be sent back.
console-campaign-bad-field = “{ $field }” cannot be read. Nothing you typed is lost.
console-campaign-unnamed = Name of the campaign
console-campaign-former = { $price } cannot be struck through for { $goods }: in the thirty days before it begins they must be sold for it for seven, and never for as little as in the campaign.
console-campaign-risk = It gives away { $amount } at the very most, not a cent more.
console-campaign-risk-off = All sold, it takes off { $amount } at the very most.
console-campaign-risk-open = It sells from the ordinary stock, without an end: set units aside, and there is one.
console-campaign-pick = Find goods by name
console-campaign-pick-hint = Name or SKU
console-campaign-pick-none = Nothing was found.
console-unit-points = points
console-terms-team_size = People in a team
console-terms-tiers = Larger teams
console-terms-tiers-help = One a line, such as 5: 10 — five people pay 10 % less.
console-terms-open_by = Who may open a team
console-terms-open_by-anyone = Anybody
console-terms-open_by-buyers = Who has bought
console-terms-join_by = Who may join
console-terms-join_by-anyone = Anybody
console-terms-join_by-new_customers = Who never bought
console-terms-leader_off = Off for the leader
console-terms-listed = Show open teams to everybody
console-terms-lowered_to = Deliver to this many already
console-terms-lowered_to-help = At the deadline. 0: only to full teams.
console-terms-late = Whoever pays too late
console-terms-late-refund = is paid back
console-terms-late-other_team = joins another team, or opens one
console-terms-late-new_team = opens a new team
console-terms-slots = Slots of the day
console-terms-slots-help = One a line, such as 10:00-12:00. Empty: all day long.
console-terms-per_order = For each order
console-terms-per_buyer = For each person
console-terms-pay_window = Time to pay
console-terms-preheat = Announced before
console-terms-queue = Who comes too late may wait
console-terms-cuts = Cuts
console-terms-cuts-help = How many it takes from the full price to the floor.
console-terms-own_first = The first cut is the buyer’s own
console-terms-new_takes = Cuts by somebody new
console-terms-per_helper = Times one person may help
console-terms-per_helper_day = Times a day
console-terms-life = Lasts
console-terms-any_price = Can be bought at any price on the way
console-terms-need_1 = Helpers for the first reward
console-terms-reward_1 = First reward
console-terms-need_2 = Helpers for the second
console-terms-need_2-help = 0: there is no second.
console-terms-reward_2 = Second reward
console-terms-who = Who may help
console-terms-who-anyone = Anybody
console-terms-who-new_customers = Who never bought
console-terms-who-buyers = Who has bought
console-terms-counts_on = A helper counts
console-terms-counts_on-helped = When they help
console-terms-counts_on-first_paid = With their first paid order
console-terms-counts_on-window_closed = Once that order is kept
console-terms-helper_reward = For each helper
console-terms-reward = For whoever invites
console-terms-friend_reward = For the friend
console-terms-per_month = Times a month
console-terms-window = First order within
console-terms-least = First order from
console-unit-days = days
console-unit = Counted in
console-state = State
console-show = Show
store-n-points = { $n ->
    [one] One point
   *[other] { $n } points
}
store-assist-friends = { $n ->
    [one] One friend
   *[other] { $n } friends
}
store-assist-begin = Ask my friends
store-assist-how = Send your link to friends. When enough of them help, the reward is yours.
store-assist-missing = { $n ->
    [one] One friend to go
   *[other] { $n } friends to go
}
store-assist-ask = Send it to friends: each helps with one tap.
store-assist-won = Unlocked!
store-assist-won-say = Thank your friends: the reward is in your wallet.
store-assist-over = The time is over
store-assist-over-say = It was not enough this time.
store-assist-for = Help { $name } get { $reward }
store-assist-too = I want one too
store-assist-help = Help
store-assist-helped = You have helped. Thank you!
store-assist-words = Help me with one tap: { $reward } to win.
store-assist-helpers = Who helped
store-assist-waits = Counts with their first order
store-invited-by = { $name } invites you
store-invited-say = { $amount } for you, once your first order is received and kept.
store-invite-say = Send your link to somebody who is new here. Both of you get something for their first order.
store-invite-words = A gift for your first order here: { $amount }.
store-invite-accept = Take the invitation
store-invite-taken = You have taken an invitation. Your gift comes with your first order.
store-invite-sign-in = Sign in to go on
store-invite-you = for whoever invites
store-invite-friend = for the friend
store-invite-who = Whom you invited
store-invite-joined = Is here
store-invite-ordered = Ordered: waits
store-invite-rewarded = Rewarded
store-invite-lapsed = Lapsed
store-said-helped = Thank you for helping!
store-said-invited = You have taken the invitation.
api-group-campaigns = Campaigns
api-group-staff-campaigns = Staff: campaigns
console-campaign-so-far = So far

# A flash sale
flash-slots = Hours
flash-slot-on = On now
flash-slot-soon = Begins soon
flash-slot-later = Coming up
flash-throughout = All the time
flash-over = This sale is over.
flash-paused = This sale rests just now.
flash-ends-in = Ends in
flash-begins-in = Begins in
flash-remind = Tell me when it begins
flash-reminded = We will tell you when it begins.
flash-buy = Buy now
flash-sold-out = Sold out
flash-wait = Wait for one
flash-leave = Wait no more
flash-ahead = { $n ->
    [0] You are next, should one come back.
    [one] You wait; one person is before you.
   *[other] You wait; { $n } people are before you.
}
flash-yours = It is your turn: kept for you until { $when }.
flash-gone = { $taken } of { $quota } gone
flash-rule-each = At most { $order } per order and { $person } per person.
flash-rule-pay = { $n ->
    [one] An order is held for one minute until it is paid.
   *[other] An order is held for { $n } minutes until it is paid.
}
flash-rule-again = What is not paid in time is sold again, at once.
flash-rule-queue = When all is gone you may wait: what comes back is offered in the order you came.
flash-share = Flash sale: “{ $title }”
flash-why-sold-out = Somebody was faster: it is sold out.
flash-why-queued = Those who wait are served first. You can wait as well.
flash-why-not-now = That cannot be bought just now.
console-lists = Saved lists
console-lists-sub = People put together by hand, as the audience of a campaign.
console-lists-none = No list yet
console-lists-none-text = Make one, then paste who is to be on it.
console-lists-new = New list
console-lists-name = Name
console-lists-add = Make list
console-lists-count = { $count ->
    [one] { $count } person
   *[other] { $count } people
}
console-lists-put-in = Put on the list
console-lists-people = Who
console-lists-people-hint = E-mail addresses, phone numbers or ids, one a line. Of a CSV file the first column counts.
console-lists-unknown = { $count ->
    [one] Nobody here is known by this line. The others are on the list.
   *[other] Nobody here is known by these { $count } lines. The others are on the list.
}
console-lists-nobody = Nobody is on it yet.
console-lists-take-out = Take off
console-lists-remove = Remove this list
console-lists-remove-ask = Remove this list?
console-campaign-which-list = Which saved list
console-lists-put-on = Put on a saved list
