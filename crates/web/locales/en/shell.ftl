# Texts every page shares: times, and what is said when something goes wrong.
time-now = just now
time-soon = in a moment
time-minutes-ago = { $n } min ago
time-hours-ago = { $n } h ago
time-days-ago = { $n ->
    [one] yesterday
   *[other] { $n } days ago
}
time-minutes-ahead = in { $n } min
time-hours-ahead = in { $n } h
time-days-ahead = { $n ->
    [one] tomorrow
   *[other] in { $n } days
}
span-days = { $n ->
    [one] 1 day
   *[other] { $n } days
}
span-hours = { $n } h
span-minutes = { $n } min
span-seconds = { $n } s

failure-not-found-title = Not here
failure-not-found = What you are looking for is not here. It may be gone, or the link is cut short.
failure-sign-in-first-title = Please sign in
failure-sign-in-first = You can go on after signing in.
failure-forbidden-title = Not allowed
failure-forbidden = You are not allowed to do this.
failure-refused-title = That did not work
failure-stale-title = Changed by somebody else
failure-stale = Somebody changed this after you opened it. Refresh and change it again.
failure-key-missing-title = An idempotency key is needed
failure-key-missing = This request has a real effect: send an Idempotency-Key with it.
failure-key-malformed-title = That is no idempotency key
failure-key-malformed = An idempotency key is 16 to 255 visible characters.
failure-key-reused-title = The idempotency key was used before
failure-key-reused = The same key came with another request. Use a new one.
failure-too-many-title = Too many requests
failure-too-many = Please wait { $seconds } s and try again.
failure-unavailable-title = Not just now
failure-unavailable = We are busy and changed nothing. Please try again in a little while.
failure-broken-title = Something broke on our side
failure-broken = It has been noted. You may try again; if that does not help, tell us the number.
failure-bad-request-title = We do not understand
failure-bad-request = The request is not in the form it should have.
failure-bad-json = Line { $line }, column { $column }: the JSON is not as it should be ({ $why }).
failure-method-title = Not in this way
failure-method = This address does not take that method.
failure-too-large-title = Too large
failure-too-large = At most { $most } bytes are taken here.
failure-too-long-title = The address is too long
failure-too-long = An address has at most 8 KB.
failure-headers-title = The headers are too large
failure-headers = Headers have at most 32 KB.
failure-media-title = Not that kind of content
failure-media = Only { $types } is taken here.
failure-precondition-title = If-Match is needed
failure-precondition = Read it first, and send the ETag you read in If-Match.
failure-csrf-title = The page is too old
failure-csrf = To be safe, refresh the page and send the form again.
failure-deadline-title = Too slow
failure-deadline = It took too long, so we stopped waiting.
failure-slow-title = The body came too slowly
failure-slow = A request must have arrived whole within 30 seconds.
failure-version-title = Unknown edition
failure-version = This edition of the API is not spoken here. Leave Api-Version out, or name the date that every answer carries.
