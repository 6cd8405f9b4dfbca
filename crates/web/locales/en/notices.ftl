# Notices: what happened in one sentence, then what comes next. The id is notice- and the kind.

notice-order-paid-title = Paid
notice-order-paid-body = You paid { $amount } for “{ $product }”. We are on it.
notice-order-shipped-title = On its way
notice-order-shipped-body = “{ $product }” left with { $carrier }, tracking number { $tracking }.
notice-order-cancelled-title = Order cancelled
notice-order-cancelled-body = Your order of “{ $product }” was cancelled. Whatever you paid comes back in full.
notice-order-completed-title = Order completed
notice-order-completed-body = Your order of “{ $product }” is completed. Thank you for coming.
notice-team-opened-title = Your team is open
notice-team-opened-body = Your team for “{ $product }” is open, with { $missing } to go. Send the link to friends; if it does not fill, you get all your money back.
notice-team-joined-title = Somebody joined
notice-team-joined-body = Your team for “{ $product }” has one more person: { $missing } to go.
notice-team-succeeded-title = Your team made it
notice-team-succeeded-body = { $people } people got “{ $product }” together at the group price. We are packing.
notice-team-failed-title = The team did not fill
notice-team-failed-body = The team for “{ $product }” is over without enough people. Everything you paid comes back by itself.
notice-team-lowered-title = Enough people after all
notice-team-lowered-body = The team for “{ $product }” was not full, but the shop goes ahead with { $people }, at the same price. We are packing.
notice-leader-now-title = You lead the team now
notice-leader-now-body = Whoever opened the team for “{ $product }” left, so it is yours now. Your price stays the same.
notice-refunded-title = Refunded
notice-refunded-body = { $amount } for “{ $product }” went back the way it came. Your bank may take a little while to show it.
notice-late-refunded-title = Late payment returned
notice-late-refunded-body = Your payment for “{ $product }” came too late and the order was closed. { $amount } went back the way it came.
notice-late-moved-title = Paid late, moved to another team
notice-late-moved-body = Your payment for “{ $product }” came late and your place was gone, so we found you one in another team at the same price.
