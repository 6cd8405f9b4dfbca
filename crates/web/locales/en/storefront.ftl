# The storefront in English.

skip = Skip to content
nav-main = Main
nav-foot = About this shop
nav-home = Home
nav-discover = Discover
nav-teams = Teams
nav-inbox = Inbox
nav-me = Me
search = Search
search-hint = Search tea, bowls, snacks…
cart = Cart
close = Close
copy = Copy
copied = Copied
offline = You are off-line. What you typed is kept; try again when you are back.
foot-line = { $shop } runs on Pinwheel, open source, on its own server.
theme-system = Light: as the system
theme-light = Light
theme-dark = Dark
see-all = See all
crumbs = Where you are
pictures = Pictures
days-short = { $n } d

home-promise = Good things, for less, together.
home-how = Open a team, invite friends, everyone pays the group price. If a team does not fill in time, everyone gets their money back.
home-join = { $n ->
    [0] See the teams
    [one] Join { $n } open team
   *[other] Join one of { $n } open teams
}
home-browse = Look around
home-nearly = Nearly there
home-kinds = Categories
home-new = New in
people-together = { $n } together
people-bought = { $n } people bought it together
promises = What we promise
promise-refund = Refunded by itself
promise-refund-more = A team that does not fill is refunded in full, to where the money came from.
promise-real = Real people only
promise-real-more = We never invent members or hurry you with false counters.
promise-plain = Every sum explained
promise-plain-more = Tap any discount to see where it comes from.

alone = Alone
alone-short = alone
alone-line = Ships right away
together = { $n } together
together-line = { $n } people buy together within { $hours } hours and each pays the group price. Not full in time: full refund.
rules-all = All rules
save = Save { $price }
sold-out = Sold out
stock-left = { $n } left
choose = Choose
quantity = Quantity
less = One less
more = One more
buy-alone = Buy alone
open-team = Open a team
open-team-n = Open a team of { $n }
add-to-cart = Add to cart
story = The story
similar = You may also like
open-teams = { $n ->
    [one] { $n } team is open
   *[other] { $n } teams are open
}
missing-short = { $n } missing
time-left = Time left
join = Join
join-this = Join
asks = Likely questions
ask-full = What happens when the team is full?
ask-full-answer = Every order goes to packing at once. You get a note here, with the tracking number once it ships.
ask-fail = And if it does not fill?
ask-fail-answer = After { $hours } hours every payer is refunded in full, automatically, to the original payment method.
ask-when = Can I leave a team?
ask-when-answer = Yes, as long as it is not full. You are refunded in full and your place is free again.

invites-you = { $name } invites you
missing-title = { $n ->
    [one] One more and it is a team
   *[other] { $n } more and it is a team
}
team-full = The team is complete
team-full-you = Everyone pays the group price. Packing starts now.
team-over = Time is over
team-failed = This team did not fill
team-failed-more = Everyone who paid has been refunded in full. Nobody lost anything.
you-are-in = You are in
you = You
opener = Opened it
free-place = Free place
places-label = { $taken } of { $size } places taken
join-for = Join · { $price }
join-safe = You pay now. If the team does not fill, all of it comes back by itself.
invite-n = { $n ->
    [one] Invite one friend
   *[other] Invite { $n } friends
}
invite = Invite
my-order = My order
open-own = Open my own team · { $price }
refunded-you = Your { $price } went back to where you paid from.
how = How it works
how-1 = Pay the group price to join or open a team of { $n }.
how-2 = Share the link. The team has { $hours } hours to fill.
how-3 = Full: it ships. Not full: everyone is refunded in full.
rules = The rules in full
other-teams = Other open teams
share-title = Invite friends
share-preview = This is what your friends will see:
share-words = { $n } more and we get “{ $name }” for { $price } each. Join me!
share-link = Link to share
copy-link = Copy link
share-system = Share with an app…
qr-alt = QR code of the link
qr-hint = Or let a friend scan this

goods-count = { $n ->
    [one] { $n } product
   *[other] { $n } products
}
goods-sum = Goods
shipping = Delivery
shipping-later = at checkout
total = To pay
to-checkout = Check out
remove = Remove
cart-empty = Your cart is empty
cart-empty-more = What you put in it waits here, even before you sign in.
checkout = Checkout
back-to-goods = Back
checkout-team = You join { $name }’s team. After you, { $n ->
    [0] it is full
    [one] one more is missing
   *[other] { $n } more are missing
}.
address = Delivery address
receiver = Full name
phone = Phone
province = Province or state
city = City
street = Street and number
street-missing = Please write the street and house number.
delivery = Delivery
d-standard = Standard
d-standard-more = 3 to 5 days
d-fast = Express
d-fast-more = Tomorrow, if ordered before 16:00
free = Free
pay-with = Pay with
p-sandbox = Sandbox Bank
p-sandbox-more = A pretend bank for trying things out
summary = Your order
group-saving = Group price
group-saving-why = Because { $n } people buy it together.
checkout-safe = You can leave the team until it is full. Then all of it is refunded.
pay = Pay { $price }
paid-team = Paid. { $n ->
    [one] One more friend to go
   *[other] { $n } more friends to go
}
paid-team-more = We hold { $price } until the team is full. Send this link:
see-team = See the team

my-orders = My orders
filter = Show
tab-all = All
tab-unpaid = To pay
tab-team = Team is filling
tab-to-ship = To ship
tab-shipped = On the way
state-awaiting_team = Team is filling
state-shipped = Shipped
state-completed = Completed
state-refunded = Refunded
confirm-receipt = I have received it
order = Order
today = today
step-paid = Paid
step-team = Team
step-packed = Packed
step-shipped = Shipped
step-received = Received
on-the-way = On its way to you
history = What happened
history-shipped = Handed to the carrier by mo
history-full = The team is complete
history-paid = Paid
history-placed = Order placed
paid-sum = Paid
teams-lead = Join people who are already buying. Closest to full first.
read-all = Mark all read
unread = (new)
notice-full = Your team is complete
notice-shipped = Your parcel is on its way
notice-refunded = You have been refunded
notice-joined = { $name } joined your team
my-teams = My teams
language = 中文 / English
sign-out = Sign out
sign-in = Sign in
sign-in-lead = We send you a code. No password, and new here is just as well.
sign-in-to = E-mail or mobile number
send-code = Send me a code
demo-or = or, in this demo, be
cast-ann = shops
cast-bob = always joins
cast-eve = games the rules
cast-lin = leads a community
enter-code = Enter the code
code-sent = Sent to { $to }. It works for ten minutes.
code = Six digits
code-wrong = That is not the code. { $n } tries left.
code-again = Send a new one
not-found = There is nothing at this address
not-found-more = It may have been taken down, or the link was cut short on its way to you.
go-home = To the shop
