# Reviews: on the storefront, in the console, as notices and refusals.
store-reviews = Reviews
store-reviews-of = Reviews of { $name }
store-reviews-n = { $n ->
    [one] 1 review
   *[other] { $n } reviews
}
store-reviews-see-all = See all
store-review-stars = { $n ->
    [one] 1 star of 5
   *[other] { $n } stars of 5
}
store-review-mean = { $mean } stars of 5
store-review-all = All
store-review-with-pictures = With pictures ({ $n })
store-review-sort = Order
store-review-sort-new = Newest
store-review-sort-helpful = Most helpful
store-review-sort-stars-up = Fewest stars
store-review-sort-stars-down = Most stars
store-review-none-such = No such review.
store-review-hidden-n = { $n ->
    [one] 1 review is hidden
   *[other] { $n } reviews are hidden
}
store-review-rule = How the score is made
store-review-rule-who = Only who bought and received something can review it: once for each thing they bought, within 180 days. Nobody is paid for stars or praise.
store-review-rule-mean = The score is the plain mean of the stars of every review that is shown, rounded half up to one decimal. All count the same.
store-review-rule-order = The newest come first, whatever they say. You can choose another order.
store-review-rule-hidden = A review is never deleted. One that breaks the law is hidden for a reason its author is told; it is counted as hidden and not in the score.
store-review-helpful = Helpful
store-review-helped = { $n ->
    [one] 1 person found it helpful
   *[other] { $n } people found it helpful
}
store-review-refunded = Refunded since
store-review-follow-up = Added later
store-review-answer = The shop answers
store-review-picture = A buyer’s picture
store-my-reviews = My reviews
store-my-reviews-none = No reviews yet
store-my-reviews-none-more = What you bought and received can be reviewed here and on its order.
store-review-waiting = Waiting for your review
store-review-write = Write a review
store-review-see = See your review
store-review-mine = My review
store-review-is-hidden = Hidden
store-review-was-answered = The shop has answered.
store-review-your-stars = How is it?
store-review-word-1 = Bad
store-review-word-2 = Not good
store-review-word-3 = All right
store-review-word-4 = Good
store-review-word-5 = Very good
store-review-text = What would you tell others?
store-review-text-help = Up to 2,000 characters. May stay empty.
store-review-pictures = Pictures
store-review-pictures-help = Up to six, 8 MB each and 20 MB together. Where they were taken is removed.
store-review-stays = Others see the first letter of your name. A review stays as it is written; you can add to it once later.
store-review-send = Send the review
store-review-not-now = This cannot be reviewed now: it has not been received, its money went back, or it was more than 180 days ago.
store-review-thanks = Thank you for your review.
store-review-add = Add something
store-review-add-help = Once, within 180 days of your review.
store-review-add-send = Add it
store-review-hidden-you = Only you and the shop can see this review.
store-review-ground-unlawful = The law forbids to publish it
store-review-ground-insult = It insults or slanders somebody
store-review-ground-private = It shows what is private to somebody
store-review-ground-advertising = It advertises something else
store-review-ground-bought = It was paid for, or is not by the buyer

notice-review-answered-title = The shop answered your review
notice-review-answered-body = There is an answer to what you said about “{ $product }”.
notice-review-hidden-title = Your review is hidden
notice-review-hidden-body = What you said about “{ $product }” is seen by you and the shop alone. Why: { $reason }
notice-review-shown-title = Your review is shown again
notice-review-shown-body = What you said about “{ $product }” is seen by everybody again.

refusal-review-not-received = A review is for what was received. Confirm the receipt of your order first.
refusal-review-too-late = It is too long ago for that.
refusal-review-written = That was written already.
refusal-review-bad-stars = Give 1 to 5 stars.
refusal-review-bad-text = A text has 2,000 characters at most, and here it cannot be empty.
refusal-review-too-many-pictures = A review has six pictures at most.
refusal-review-own = Others say whether your review helps.
refusal-review-hidden = That cannot be done with a review that is hidden.
refusal-review-not-now = The review is that way already.
refusal-review-no-reason = Choose a ground, and say why in up to 500 characters: the author is told.
refusal-review-buys-praise = An answer may offer nothing for praise.

console-reviews = Reviews
console-reviews-sub = What buyers say, and what you say to it
console-review = Review
console-review-all = All
console-review-unanswered = Unanswered
console-review-hidden = Hidden
console-review-none = No reviews here
console-review-none-text = Buyers are asked for one when they received their order.
console-review-no-text = Stars alone
console-review-is-hidden = Hidden
console-review-answered = Answered
console-review-waits = Waits for an answer
console-review-said = What was said
console-review-facts = About it
console-review-product = Product
console-review-variant = Variant
console-review-order = Order
console-review-by = By
console-review-votes = Found helpful
console-review-money = Money
console-review-answer = Your answer
console-review-answer-text = Everybody reads it under the review
console-review-answer-help = Offer nothing for praise or for changing a review: it is against the law, and refused.
console-review-answer-send = Answer
console-review-answer-again = Change the answer
console-review-answer-done = Your answer is shown.
console-review-hide = Hide
console-review-hide-text = The review stays, and its author still sees it, with your reason. The product page says that one is hidden. A low score is no ground.
console-review-ground = Ground, and the law it rests on
console-review-reason = What exactly? The author is told
console-review-hide-done = The review is hidden, and its author was told why.
console-review-show = Show again
console-review-show-reason = Why (may stay empty)
console-review-show-done = The review is shown again.
console-review-rulings = What was ruled
console-review-did-hide = Hidden
console-review-did-show = Shown again
console-webhook-about-review = Reviews
console-invariant-V1 = A review is by whoever bought the line, after it was received
console-invariant-V2 = What the reviews of a product come to is what they say
console-invariant-V3 = A review has as many votes and pictures as it says, and no vote of its author’s
console-invariant-V4 = A hidden review is so by its last ruling, which has a ground, a law and a reason
console-invariant-V5 = Every act of moderation is in the staff log
api-group-reviews = Reviews
api-group-staff-reviews = Staff: reviews
