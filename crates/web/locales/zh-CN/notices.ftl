# 消息：发生了什么，一句话说清，再说接下来会怎样。编号是 notice- 加上种类。

notice-order-paid-title = 付款成功
notice-order-paid-body = 「{ $product }」已付 { $amount }，我们开始处理了。
notice-order-shipped-title = 已发货
notice-order-shipped-body = 「{ $product }」已交给 { $carrier }，单号 { $tracking }。
notice-order-cancelled-title = 订单已取消
notice-order-cancelled-body = 「{ $product }」的订单已取消。若付过款，会全额原路退回。
notice-order-completed-title = 订单已完成
notice-order-completed-body = 「{ $product }」已完成，谢谢你的光临。
notice-team-opened-title = 开团成功
notice-team-opened-body = 「{ $product }」的团开好了，还差 { $missing } 人。把链接发给朋友，人齐就成团；没拼成会全额退款。
notice-team-joined-title = 有新团员
notice-team-joined-body = 「{ $product }」的团又多了一个人，还差 { $missing } 人成团。
notice-team-succeeded-title = 拼团成功
notice-team-succeeded-body = 「{ $product }」{ $people } 人成团，大家都享拼团价，马上备货。
notice-team-failed-title = 没有拼成
notice-team-failed-body = 「{ $product }」的团没凑齐人就结束了。付过的钱会全额原路退回，不用申请。
notice-team-lowered-title = 成团了
notice-team-lowered-body = 「{ $product }」没有凑满，店家同意按 { $people } 人成团，价格不变，马上备货。
notice-leader-now-title = 你是团长了
notice-leader-now-body = 「{ $product }」原来的团长退出了，现在由你带这个团。你的价格不变。
notice-refunded-title = 退款已到账
notice-refunded-body = 「{ $product }」的 { $amount } 已原路退回。银行入账可能要一点时间。
notice-late-refunded-title = 来晚的付款已退回
notice-late-refunded-body = 「{ $product }」的付款到得太晚，订单已关闭，{ $amount } 已原路退回。
notice-late-moved-title = 付款到了，换了一个团
notice-late-moved-body = 「{ $product }」的付款到得晚，原来的位置已经让出，我们把你安排进了另一个团，价格不变。
