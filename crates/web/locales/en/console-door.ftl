# The console's door: signing in with a second step, and where one is signed in.

console-second = How you sign in
console-second-title = The code from your phone
console-second-what = A second step
console-second-say = After the password, an app on your phone says six digits that change every half minute. Whoever finds out your password still stays outside.
console-second-by-passkey = With a passkey; your password alone opens nothing.
console-second-none = Your password alone opens the console.
console-second-change = Change
console-second-unset-passkey = Your passkey is asked for already. For a day without your device, an authenticator app and its written-down codes let you in too.
console-second-unset = Your password alone opens the console. You need an authenticator app; any of them will do.
console-second-begin = Set it up
console-second-owed = This shop wants it of you. Set it up, and everything else opens.
console-second-scan = Let your app see this
console-second-scan-say = Open the authenticator app, add an account and point the camera here.
console-second-picture = The secret as a picture for your app
console-second-by-hand = No camera? Type this into the app:
console-second-code = The six digits
console-second-code-any = A code from your app, or one you wrote down
console-second-confirm = Turn it on
console-second-end = Turn it off
console-second-on-now = It is on.
console-second-codes-say = Write these down and keep them apart from your phone. Each lets you in once when the phone is gone. They are not shown again.
console-second-kept = I have them
console-second-since = Asked for since { $when }.
console-second-left = { $count ->
    [0] No written-down code is left.
    [one] One written-down code is left.
   *[other] { $count } written-down codes are left.
  }
console-second-lost = Phone gone? Type one of the codes you wrote down.
console-second-anew = Start again
console-second-off = Off.
console-security = Your sign-in
console-security-say = How you come in, and where you are signed in now.
console-session-here = This browser
console-session-elsewhere = Another browser
console-session-began = signed in { $when }
console-session-end-others = Sign out everywhere else
console-others-ended = { $count ->
    [0] You were signed in nowhere else.
    [one] Signed out in one other browser.
   *[other] Signed out in { $count } other browsers.
  }
console-invariant-F1 = Only staff have a second step of signing in, and its secret is whole
console-invariant-F2 = A second step that is asked for has its ten codes to write down, another has none
console-invariant-F3 = Whoever is between the two steps is somebody of whom the second is asked
console-invariant-F4 = A passkey is of somebody who was not forgotten, and nobody has more than twenty
console-passkeys = Passkeys
console-passkeys-say = Your finger, your face or the PIN of your device instead of a password. Nothing can be guessed or fished for, and a passkey is both steps at once. With one, your password alone opens the console no more.
console-passkey-made = Added { $when }
console-passkey-used = used { $when }
console-passkey-unused = never used
console-passkey-name = What shall it be called?
console-passkey-name-help = The device it is on, so that you know which to take away when it is lost.
console-passkey-add = Add a passkey
console-passkey-added = Your passkey is added. Your other browsers are signed out.
console-passkey-remove = Remove
console-passkey-remove-one = Remove { $name }
console-passkey-removed = The passkey is removed: it opens nothing any more.
console-passkey-nowhere = Browsers keep passkeys only for shops with a name under https. This shop has none yet.
console-second-passkey = The password was right. Now your passkey.
passkey-sign-in = Sign in with a passkey
passkey-known = This device has a passkey for your account already.
passkey-nothing = Nothing was done. You can try again.
passkey-elsewhere = Passkeys are for { $origin } in a browser that knows them: open the page there.
store-passkeys = Passkeys
store-passkeys-more = Sign in with your finger, your face or the PIN of your device, without waiting for a code.
store-passkey-made = Added
store-passkey-used = used
