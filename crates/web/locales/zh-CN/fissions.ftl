# 裂变券：一人发起，好友同分，下单时用。

fission-says = { $total } 优惠券，分成 { $count } 份，和好友一起领。
fission-words = { $total } 优惠券，{ $count } 个人分，快来领你的那一份！
fission-any-amount = 领到的券无门槛使用。
fission-from = 领到的券满 { $amount } 可用。
fission-soon = 即将开始。
fission-none-left = 已经发完了。
fission-begin = 发起分享
fission-begin-order = 用我的订单发起
fission-step-start = 点一下发起，金额当场分好。
fission-step-share = 发给好友，每人领一份。
fission-step-use = 结账时直接抵扣。
fission-own = 我发起的
fission-own-taken = 已领 { $taken } / { $count } 份
fission-own-over = 已结束
fission-own-share = 去分享
fission-own-see = 查看
fission-heading = { $name } 请你分 { $total } 优惠券
fission-say = 还剩 { $n } 份。
fission-own-heading = { $total } 优惠券，和好友一起分
fission-own-say = 还剩 { $n } 份，快发给好友。
fission-take = 领一份
fission-take-seal = 领
fission-free = 待领
fission-all-taken = 已经被领完了。
fission-over = 已过期，剩余部分已退回。
fission-for-friends = 这些是留给好友的，发给他们吧。
fission-rule-anyone = 收到链接的人每人可领一份。
fission-rule-new = 从未下单的好友每人可领一份。
fission-rule-household = 共用设备或地址的人合计一份。
fission-rule-coupon = 领到的是优惠券，不能提现，也不能转给别人。

clause-fission-starts-anyone = 任何人都可以发起。
clause-fission-starts-after_order = 活动期间每笔已付款的订单可以发起一次。
clause-own-part = 发起人自己也可以领一份。
clause-no-own-part = 发起人自己不领。
clause-fission-takers-anyone = 任何人都可以领；共用设备或地址的人合计一份。
clause-fission-takers-new_customers = 从未下单的人可以领；共用设备或地址的人合计一份。
clause-friends-parts = 本活动中每人最多领 { $n } 位好友的券。
clause-part-is-coupon = 领到的是优惠券，下单时抵扣，不能提现。

console-terms-part_coupon = 券的种类
console-terms-part_coupon-help = 决定满多少可用、用于哪些商品、有效多久；每份抵多少由分到的金额决定。在“优惠券”里新建。
console-terms-fission_total = 每次发起分多少
console-terms-fission_count = 份数
console-terms-starter = 谁可以发起
console-terms-starter-anyone = 任何人
console-terms-starter-after_order = 付过款的人，每单一次
console-terms-takers = 谁可以领
console-terms-takers-anyone = 任何人
console-terms-takers-new_customers = 没买过的人
console-terms-per_taker = 每人可领几位好友的
console-terms-own_part = 发起人自己也领一份

console-fission-started = 已发起
console-fission-taken = 已领取
console-fission-used = 已核销
console-fission-list = 发起的裂变券
console-fission-open = 进行中
console-fission-full = 已领完
console-fission-closed = 已结束

refusal-fission-expired = 已过期。
refusal-fission-all-taken = 已经被领完了。
refusal-fission-already-taken = 你已经领过了。
refusal-fission-for-friends = 这些是留给好友的，发给他们吧。
refusal-fission-new-customers-only = 只有从未下单的新客能领。
refusal-fission-enough = 本活动每人最多领 { $most } 位好友的券。
refusal-fission-same-cluster = 同一设备或地址已有人参与。
refusal-fission-none-left = 已经发完了。
refusal-fission-no-order = 先付款一笔订单，每单可发起一次。
refusal-fission-bad-terms = { $which ->
    [count] 份数为 2 到 50。
    [total] 总额要够每份的最低金额。
    [taker] 每人至少可领一份。
    [life] 有效时间为十分钟到三十天。
    [coupon] 请选择一种可用的、能抵商品金额的优惠券。
    [threshold] 券的使用门槛要高于最大一份的金额。
   *[budget] 预算不够发起一次。
}

console-invariant-FC1 = 裂变券各份相加等于总额，并按顺序领取
console-invariant-FC2 = 每一份都由活动预算预留给领取人或发起人
console-invariant-FC3 = 每一份都在有效期内领取，并是同样金额的优惠券
console-invariant-FC4 = 裂变券到期关闭，没人领的部分已释放
console-invariant-FC5 = 券的成本在可用时预留，订单完成后计入，其余释放
console-invariant-FC6 = 领好友的券逐份计数，每笔订单只为其买家发起一次

console-webhook-about-fission = 裂变券
