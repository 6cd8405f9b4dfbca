# Games: lucky draws, red packets, guesses and quizzes, in the shop and behind the counter.
game-starts-in = Starts in
game-ends-in = Ends in
game-sign-in = Sign in and take part
game-is = { $status ->
    [scheduled] It has not begun yet.
    [paused] It is paused. What was won stays won.
    [ended] It is over. Thank you for playing.
   *[other] It is over. Thank you for playing.
}

draw-says = { $title }: a lucky draw whose odds are published and that anybody can check.
draw-do-wheel = Turn the wheel
draw-do-scratch = Take a card
draw-do-grid = Go
draw-uncover = Show it
draw-chances-n = { $n ->
    [0] No chance left
    [one] { $n } chance left
   *[other] { $n } chances left
}
draw-ways = How to get chances
draw-way-daily = { $n ->
    [one] { $n } chance each day, for coming.
   *[other] { $n } chances each day, for coming.
}
draw-way-order = { $n ->
    [one] { $n } chance for each order you keep, when its time to be sent back is over.
   *[other] { $n } chances for each order you keep, when its time to be sent back is over.
}
draw-way-staff = Sometimes the shop gives one: in a shop, at an event, for a wait.
draw-odds = Prizes and odds
draw-prize = Prize
draw-worth = Worth
draw-chance = Chance
draw-number = Left
draw-left = { $left } of { $stock }
draw-no-end = No end
draw-gives-credit = { $price } store credit
draw-gives-thing = A thing, market price { $price }
draw-gone-falls = The fields of the picture are of one size; the chances are those in the table. When a prize is gone, its chance falls to the last one.
draw-redeem = Store credit is in your wallet at once. A thing is handed over or sent by the shop within 30 days of the end; who cannot be reached in that time gives it up. Everybody has the same chance; whoever works here wins nothing.
draw-fair = Fair, and you can check it
draw-fair-says = Before the first draw we published the hash of a secret number. When the draw is over we publish the number: then every draw can be done again.
draw-fair-check = Check it yourself
draw-drawn-n = { $n ->
    [0] nothing drawn yet
    [one] drawn once
   *[other] drawn { $n } times
}
draw-winners = They won
draw-mine = What you drew
draw-won = You won
draw-won-credit = { $price } store credit is in your wallet.
draw-won-thing = The shop will hand it over: keep an eye on your inbox.
draw-won-handed = It was handed over.
draw-won-nothing = This time
draw-won-nothing-more = Come again when you have another chance.

draw-proof = The proof of this draw
draw-proof-of = Proof: { $title }
draw-proof-says = Every draw can be done again from what is published here, by anybody and without trusting us.
draw-proof-published = What was published before
draw-proof-hash = SHA-256 of the seed
draw-proof-seed = The seed
draw-proof-later = Revealed when the draw is over
draw-proof-sum = Sum of the weights
draw-proof-weight = Weight
draw-proof-count = How many
draw-proof-again = Do it again
draw-proof-no-script = With scripts your browser does it here. Without, follow the steps below with any program that knows SHA-256.
draw-proof-do = { $n ->
    [one] Do the one draw again
   *[other] Do all { $n } draws again
}
draw-proof-wait = Computing …
draw-proof-good = { "{n}" } draws done again in your browser: every ticket and every prize is the same.
draw-proof-bad = Draw { "{n}" } comes out differently. Please tell somebody.
draw-proof-bad-seed = The seed is not the one whose hash was published.
draw-proof-cannot = This browser cannot compute SHA-256 here (pages need HTTPS for it). Follow the steps below.
draw-proof-after-end = The seed is still secret: whoever knew it could know what comes next. Come back when the draw is over.
draw-proof-how = The steps, one by one
draw-proof-how-1 = SHA-256 of the seed, as text, must be the hash that was published.
draw-proof-how-2 = For each draw write the lines: the seed, the word draw, its number, its id, its salt, and 0; each ends with a line break. Take SHA-256 of that.
draw-proof-how-3 = Its first eight bytes, the highest first, are a number. If it is in the last, incomplete round below 2^64, write 1 instead of 0, then 2, and so on.
draw-proof-how-4 = The number modulo the sum of the weights is the ticket. Go through the prizes in their order and add up their weights: it wins the first whose sum is above the ticket.
draw-proof-how-5 = Do that in the order of the numbers and count what is left. When the prize is gone, the last one is won instead.
draw-proof-records = Every draw
draw-proof-none = Nobody has drawn yet.
draw-proof-who = Who
draw-proof-ticket = Ticket
draw-proof-one = Check

drop-says = { $worth }: { $total } coupons, for whoever comes first.
drop-share = A coupon for you, { $worth }: { $title }
drop-soon = It can be taken soon.
drop-over = It is over.
drop-paused = It is paused for a moment.
drop-all-taken = All of them are taken.
drop-yours = It is yours.
drop-have = You have it.
drop-take = Take it
drop-take-more = Take one more
drop-sign-in = Sign in and take it
drop-left = { $left } of { $total } left
packet-says = A red packet of { $total } in { $count } parts.
packet-share = A red packet for you: { $title }
packet-soon = It can be opened soon.
packet-all-taken = Every part is taken.
packet-over = Its time is over. What was left went back.
packet-paused = It is paused for a moment.
packet-yours = You got
packet-in-wallet = It is in your wallet as store credit.
packet-wallet = To my wallet
packet-waits = A part is waiting for you.
packet-open = Open the red packet
packet-open-seal = Open
packet-taken = { $taken } of { $count } taken, { $worth } of { $total }
packet-parts = Who got what
packet-me = You
packet-luckiest = Luckiest
packet-rule-total = { $total } in { $count } parts, paid for by the shop and put aside before it began.
packet-rule-equal = Parts are alike; they differ by a cent at most.
packet-rule-random = Parts are random. They were divided before anybody came: who comes first takes the first.
packet-rule-person = { $n ->
    [one] One part for each person.
   *[other] { $n } parts for each person.
}
packet-rule-cluster = { $n ->
    [one] One part for all who share a device or an address.
   *[other] { $n } parts for all who share a device or an address.
}
packet-rule-until = It can be opened until { $when }.
packet-rule-rest = What nobody took goes back to the campaign’s budget.
packet-rule-credit = Parts are store credit. They cannot be paid out or sent to others.
packet-hash = SHA-256 of the seed it was divided by:
packet-seed = The seed:

guess-says = Guess the price: { $what }
guess-what = What does it cost?
guess-answer = The answer
guess-yours = Your guess
guess-do = Guess
guess-left = { $n ->
    [0] No guess left
    [one] { $n } guess left
   *[other] { $n } guesses left
}
guess-closed = Guessing is over. Winners are being settled.
guess-guessed = { $n ->
    [0] Nobody has guessed yet
    [one] { $n } guess so far
   *[other] { $n } guesses so far
}
guess-winners = They came nearest
guess-mine = Your guesses
guess-rank = Winner no. { $n }
guess-rule-win = The { $n } people nearest to the answer win { $price } store credit each, each by their nearest guess.
guess-rule-within = Who is farther away than { $price } wins nothing.
guess-rule-person = { $n ->
    [one] One guess for each person.
   *[other] { $n } guesses for each person.
}
guess-rule-earlier = Of two who are as near, the earlier wins.
guess-rule-closes = Guessing ends { $when }.
guess-rule-sealed = The answer was sealed before the first guess: its hash stands below, and nobody can move it. Whoever works here does not play.
guess-seal = SHA-256 of the answer in the smallest unit and a salt, each followed by a line break:
guess-salt = The salt:

quiz-says = { $ask } questions, { $price } store credit for those who pass.
quiz-begin = Begin
quiz-answer = That is my answer
quiz-answers = Your answers
quiz-left = { $n ->
    [0] No try left today. Come back tomorrow.
    [one] { $n } try left today
   *[other] { $n } tries left today
}
quiz-passed = Passed: { $price } store credit
quiz-failed = Not this time
quiz-rule-pass = { $ask } questions; { $pass } right answers pass.
quiz-rule-time = They are answered within { $time }. The time runs from the button.
quiz-rule-day = { $n ->
    [one] One try a day.
   *[other] { $n } tries a day.
}
quiz-rule-reward = Whoever passes gets { $price } store credit, once.

api-group-games = Games
api-group-staff-games = Staff: games

refusal-draw-no-chance = You have no chance left.
refusal-draw-bad-salt = A salt is up to 64 letters and digits.
refusal-draw-revealed = The seed was revealed: nobody draws any more.
refusal-draw-insider = Whoever works here cannot win anything here.
refusal-draw-bad-terms = A draw has 2 to 50 prizes, each with a name, a weight and a number; all but the last are worth something, and the last one gives nothing. Sources of chances give 1 to 100.
refusal-draw-over-budget = All prizes together are worth more than the budget. Raise the budget or lower the prizes.
refusal-draw-bad-chances = One cause gives 1 to 100 chances.
refusal-draw-no-reason = Say why, in at most 200 characters.
refusal-draw-not-by-hand = This draw gives no chances by hand, or is not on.
refusal-draw-nothing-to-hand-over = There is nothing to hand over, or it was handed over already.
refusal-coupon-drop-all-taken = All of them are taken.
refusal-coupon-drop-over-budget = All coupons together are worth more than the budget.
refusal-coupon-drop-bad-terms = { $which ->
    [coupon] Choose a kind of coupon that can still be taken and used, in the shop’s currency, and that takes off a known amount at most.
    [count] A drop has 1 to 1,000,000 coupons, and no more than there are of their kind.
   *[other] One of the settings is wrong.
}
refusal-packet-expired = Its time is over.
refusal-packet-all-taken = Every part is taken.
refusal-packet-already-taken = You took your part already.
refusal-packet-enough-for-cluster = { $most ->
    [one] All who share a device or an address may take one part.
   *[other] All who share a device or an address may take { $most } parts.
}
refusal-packet-bad-terms = { $which ->
    [count] A packet has 1 to 10,000 parts.
    [total] Every part gets its least, and the total is not less than all of them.
    [life] It can be taken from for a minute to thirty days.
    [cluster] The campaign’s limit is one part for each person, and for all who look alike what the packet says.
   *[other] One of the settings is wrong.
}
refusal-packet-over-budget = The packet holds more than the budget.
refusal-packet-not-yet = Packets give store credit for now.
refusal-guess-closed = Guessing is over.
refusal-guess-enough = { $most ->
    [one] One guess is all there is.
   *[other] { $most } guesses are all there are.
}
refusal-guess-bad-amount = Type a price above nothing.
refusal-guess-bad-terms = Say what is guessed in up to 120 characters, its price, 1 to 100 guesses for each person, 1 to 10,000 winners and what each gets.
refusal-guess-over-budget = All winners together get more than the budget.
refusal-guess-insider = Whoever works here may know the answer, and does not play.
refusal-quiz-enough-today = { $most ->
    [one] One try a day. Come back tomorrow.
   *[other] { $most } tries a day. Come back tomorrow.
}
refusal-quiz-answered = It was answered already.
refusal-quiz-too-late = The time was over.
refusal-quiz-bad-answers = Each question has one answer.
refusal-quiz-bad-terms = { $which ->
    [questions] A question has 2 to 6 options and one of them is right; there are at most 500.
    [ask] As many questions are asked as there are, or fewer.
    [pass] As many right answers pass as are asked, or fewer.
    [time] The time is ten seconds to an hour.
    [per_day] One to a hundred tries a day.
    [words] Every question and option has up to 200 characters.
    [reward] The reward is above nothing.
   *[other] One of the settings is wrong.
}
refusal-quiz-already-won = You passed already: it is won once.

console-game = How it goes
console-game-prizes = Prizes
console-game-prize = Prize
console-game-left = Left
console-game-worth = Worth
console-game-odds = Chance
console-game-drawn = Drawn
console-game-hash = Hash of the seed
console-game-revealed = The seed is revealed
console-game-sealed = The seed is secret until the end
console-game-draws = Who drew what
console-game-draws-none = Nobody has drawn yet.
console-game-waits = To be handed over
console-game-handed = Handed over
console-game-hand-over = Hand over
console-game-give = Give chances
console-game-give-who = Whose: a contact or an id
console-game-give-chances = How many
console-game-give-reason = Why
console-game-nobody = Nobody is known by this.
console-game-page = Open its page
console-game-proof = Open its proof

console-invariant-C1 = The draws of a campaign are numbered from one without a gap
console-invariant-C2 = Of each prize as many are gone as were won, and a ticket falls or goes to the last
console-invariant-C3 = Chances are what was given, and each draw used one
console-invariant-C4 = Whoever won a prize has its worth as a reward, and a thing was handed over once given
console-invariant-C5 = A seed is revealed when its draw is over, and nobody draws after that
console-invariant-C6 = The parts of a packet come to its total, and are taken in their order
console-invariant-C7 = Whoever took a part of a packet in its time has it as a reward, and nobody else does
console-invariant-C8 = A packet is closed when its time is over, and what went back is what nobody took
console-invariant-C9 = Guesses are numbered, counted and paid once a person, when the answer is out
console-invariant-C10 = A quiz is answered in its time, and won by whoever passed, once

console-terms-coupon = Coupon
console-terms-coupon-help = A kind whose most is known: made under Coupons. The figure is what one takes off at most.
console-terms-coupon_count = How many
console-terms-coupon_count-help = The budget holds what all of them are worth.
console-terms-prizes = Prizes, one a line
console-terms-prizes-help = Name | credit, thing or nothing | worth | weight | how many. The last line is the consolation: nothing, without a number.
console-terms-face = Looks like
console-terms-face-wheel = A wheel
console-terms-face-scratch = A scratch card
console-terms-face-grid = A grid
console-terms-daily_chances = Chances for coming, each day
console-terms-order_chances = Chances for an order that was kept
console-terms-by_hand = Staff may give chances
console-terms-packet_total = The whole
console-terms-packet_count = Parts
console-terms-split = How it is divided
console-terms-split-equal = Alike
console-terms-split-random = Random
console-terms-least_part = The least a part is
console-terms-what = What the price is of
console-terms-answer = The answer
console-terms-answer-help = It is sealed when the campaign is launched. Nobody sees it before the end.
console-terms-winner_gets = Store credit for a winner
console-terms-winners = Winners
console-terms-guesses = Guesses for each person
console-terms-questions = Questions
console-terms-questions-help = A question, then its options: each begins with -, the right one with *. A blank line between.
console-terms-ask = Questions asked
console-terms-pass = Right answers that pass
console-terms-seconds = Seconds
console-terms-tries = Tries a day
