# 游戏：抽奖、红包、猜价与答题，前台和后台。
game-starts-in = 距开始
game-ends-in = 距结束
game-sign-in = 登录后参加
game-is = { $status ->
    [scheduled] 活动还没有开始。
    [paused] 活动暂停中，已得到的奖励不受影响。
    [ended] 活动已结束，感谢参与。
   *[other] 活动已结束，感谢参与。
}

draw-says = { $title }：概率公开、人人可验证的抽奖。
draw-do-wheel = 转动转盘
draw-do-scratch = 拿一张刮刮卡
draw-do-grid = 开始
draw-uncover = 直接揭晓
draw-chances-n = { $n ->
    [0] 没有机会了
   *[other] 还有 { $n } 次机会
}
draw-ways = 怎样得到机会
draw-way-daily = 每天来一次，得 { $n } 次机会。
draw-way-order = 每笔订单过了退货期，得 { $n } 次机会。
draw-way-staff = 店里有时会送：到店、活动，或因为让你久等。
draw-odds = 奖品与概率
draw-prize = 奖品
draw-worth = 价值
draw-chance = 概率
draw-number = 剩余
draw-left = { $left } / { $stock }
draw-no-end = 不限
draw-gives-credit = { $price } 店铺余额
draw-gives-thing = 实物，市价 { $price }
draw-gone-falls = 图上每一格一样大，概率以表格为准。某个奖品送完后，它的概率归最后一项。
draw-redeem = 店铺余额立即到账。实物由店铺在活动结束后 30 天内交付或寄出，逾期联系不上视为放弃。每个人的概率相同；本店人员不能中奖。
draw-fair = 公平，可以自己验证
draw-fair-says = 第一次抽奖之前，我们公布了一个秘密数字的哈希。活动结束后公布这个数字，每一次抽奖都可以重新算一遍。
draw-fair-check = 我来验证
draw-drawn-n = { $n ->
    [0] 还没有人抽过
   *[other] 已抽 { $n } 次
}
draw-winners = 他们抽中了
draw-mine = 我的抽奖记录
draw-won = 抽中了
draw-won-credit = { $price } 店铺余额已到账。
draw-won-thing = 店铺会把它交给你，请留意消息。
draw-won-handed = 已交付。
draw-won-nothing = 这一次
draw-won-nothing-more = 有新的机会时再来。

draw-proof = 这个抽奖的证明
draw-proof-of = 证明：{ $title }
draw-proof-says = 根据这里公布的内容，任何人都可以把每一次抽奖重新算一遍，不必相信我们。
draw-proof-published = 事先公布的内容
draw-proof-hash = 种子的 SHA-256
draw-proof-seed = 种子
draw-proof-later = 活动结束后公布
draw-proof-sum = 权重之和
draw-proof-weight = 权重
draw-proof-count = 数量
draw-proof-again = 重新计算
draw-proof-no-script = 开启脚本后，浏览器会在这里计算。没有脚本时，用任何会算 SHA-256 的程序按下面的步骤做。
draw-proof-do = 重算全部 { $n } 次抽奖
draw-proof-wait = 正在计算……
draw-proof-good = 已在你的浏览器里重算 { "{n}" } 次：每一张奖票、每一个奖品都一致。
draw-proof-bad = 第 { "{n}" } 次算出来不一样，请告诉别人。
draw-proof-bad-seed = 种子与事先公布的哈希不符。
draw-proof-cannot = 这个浏览器在此处不能计算 SHA-256（网页需要 HTTPS）。请按下面的步骤计算。
draw-proof-after-end = 种子仍是秘密：知道它的人就会知道接下来抽到什么。请在活动结束后再来。
draw-proof-how = 一步一步怎么算
draw-proof-how-1 = 种子这段文字的 SHA-256 必须等于事先公布的哈希。
draw-proof-how-2 = 对每一次抽奖依次写下几行：种子、单词 draw、序号、编号、盐、数字 0，每行以换行结束，取其 SHA-256。
draw-proof-how-3 = 取前八个字节，高位在前，作为一个数。如果它落在 2^64 以下最后不完整的一轮里，就把 0 换成 1，再换成 2，依此类推。
draw-proof-how-4 = 这个数除以权重之和的余数就是奖票。按顺序累加奖品的权重，第一个累加值大于奖票的奖品就是抽中的。
draw-proof-how-5 = 按序号逐次计算并数着剩余数量。奖品送完时，改得最后一项。
draw-proof-records = 每一次抽奖
draw-proof-none = 还没有人抽过。
draw-proof-who = 谁
draw-proof-ticket = 奖票
draw-proof-one = 验证

drop-says = { $worth } 优惠券，共 { $total } 张，先到先得。
drop-share = 送你一张 { $worth } 优惠券：{ $title }
drop-soon = 即将开始领取。
drop-over = 活动已结束。
drop-paused = 活动暂停，请稍后再来。
drop-all-taken = 已经领完了。
drop-yours = 领到了！
drop-have = 你已经领过了。
drop-take = 立即领取
drop-take-more = 再领一张
drop-sign-in = 登录领取
drop-left = 还剩 { $left } 张，共 { $total } 张
packet-says = 一个红包，共 { $total }，分 { $count } 份。
packet-share = 送你一个红包：{ $title }
packet-soon = 很快就可以拆了。
packet-all-taken = 红包已被领完。
packet-over = 红包已过期，剩余部分已退回。
packet-paused = 暂停领取，请稍候。
packet-yours = 你领到了
packet-in-wallet = 已存入钱包，作为店铺余额。
packet-wallet = 查看钱包
packet-waits = 有一份在等你。
packet-open = 拆红包
packet-open-seal = 拆
packet-taken = 已领 { $taken } / { $count } 份，{ $worth } / { $total }
packet-parts = 大家的手气
packet-me = 我
packet-luckiest = 手气最佳
packet-rule-total = 共 { $total }，分 { $count } 份，由店铺出资，开始前已预留。
packet-rule-equal = 每份一样多，最多相差一分。
packet-rule-random = 每份金额随机，在任何人来之前就已分好，先到先得。
packet-rule-person = 每人 { $n } 份。
packet-rule-cluster = 共用设备或地址的人合计 { $n } 份。
packet-rule-until = { $when }前可以领取。
packet-rule-rest = 没有领完的部分退回活动预算。
packet-rule-credit = 领到的是店铺余额，不能提现，也不能转给别人。
packet-hash = 分配所用种子的 SHA-256：
packet-seed = 种子：

guess-says = 猜价格：{ $what }
guess-what = 它卖多少钱？
guess-answer = 答案
guess-yours = 我猜
guess-do = 提交
guess-left = { $n ->
    [0] 没有次数了
   *[other] 还可以猜 { $n } 次
}
guess-closed = 竞猜已结束，正在评定。
guess-guessed = { $n ->
    [0] 还没有人猜
   *[other] 已有 { $n } 次竞猜
}
guess-winners = 最接近的人
guess-mine = 我猜的
guess-rank = 第 { $n } 名
guess-rule-win = 最接近答案的 { $n } 人各得 { $price } 店铺余额，每人以最接近的一次为准。
guess-rule-within = 相差超过 { $price } 的不得奖。
guess-rule-person = 每人可以猜 { $n } 次。
guess-rule-earlier = 同样接近时，先猜的人得奖。
guess-rule-closes = { $when }结束竞猜。
guess-rule-sealed = 答案在第一次竞猜前已封存，哈希见下，谁也改不了。本店人员不参加。
guess-seal = 答案（以最小货币单位计）与盐各跟一个换行后的 SHA-256：
guess-salt = 盐：

quiz-says = { $ask } 道题，通过得 { $price } 店铺余额。
quiz-begin = 开始答题
quiz-answer = 提交答案
quiz-answers = 我的答案
quiz-left = { $n ->
    [0] 今天没有次数了，明天再来。
   *[other] 今天还可以答 { $n } 次
}
quiz-passed = 通过了，得 { $price } 店铺余额
quiz-failed = 这次没有通过
quiz-rule-pass = 共 { $ask } 题，答对 { $pass } 题通过。
quiz-rule-time = 在 { $time }内作答，从点下按钮开始计时。
quiz-rule-day = 每天 { $n } 次。
quiz-rule-reward = 通过者得 { $price } 店铺余额，只得一次。

api-group-games = 游戏
api-group-staff-games = 员工：游戏

refusal-draw-no-chance = 你没有抽奖机会了。
refusal-draw-bad-salt = 盐最多 64 个字母和数字。
refusal-draw-revealed = 种子已经公布，不能再抽。
refusal-draw-insider = 本店人员不能在这里中奖。
refusal-draw-bad-terms = 抽奖有 2 到 50 项奖品，每项有名称、权重和数量；除最后一项外都有价值，最后一项不给东西。每种来源给 1 到 100 次机会。
refusal-draw-over-budget = 全部奖品的价值超过预算，请提高预算或减少奖品。
refusal-draw-bad-chances = 每次给 1 到 100 次机会。
refusal-draw-no-reason = 请说明原因，最多 200 字。
refusal-draw-not-by-hand = 这个抽奖不能手动给机会，或不在进行中。
refusal-draw-nothing-to-hand-over = 没有要交付的，或已经交付。
refusal-coupon-drop-all-taken = 已经领完了。
refusal-coupon-drop-over-budget = 所有券的面值之和超过了预算。
refusal-coupon-drop-bad-terms = { $which ->
    [coupon] 请选择一种仍可领取和使用、以店铺货币计价、且优惠有上限的券。
    [count] 每次发放 1 至 1,000,000 张，且不超过这种券的总量。
   *[other] 有一项设置不对。
}
refusal-packet-expired = 红包已过期。
refusal-packet-all-taken = 红包已被领完。
refusal-packet-already-taken = 你已经领过了。
refusal-packet-enough-for-cluster = 共用设备或地址的人合计最多领 { $most } 份。
refusal-packet-bad-terms = { $which ->
    [count] 红包分 1 到 10,000 份。
    [total] 每份不少于最低金额，总额不少于它们之和。
    [life] 领取期限为一分钟到三十天。
    [cluster] 活动限制须为每人一份，共用设备或地址的份数与红包所设一致。
   *[other] 有一项设置不对。
}
refusal-packet-over-budget = 红包总额超过预算。
refusal-packet-not-yet = 目前红包只发店铺余额。
refusal-guess-closed = 竞猜已结束。
refusal-guess-enough = 每人只能猜 { $most } 次。
refusal-guess-bad-amount = 请输入大于零的价格。
refusal-guess-bad-terms = 请写明猜什么（最多 120 字）、价格、每人 1 到 100 次、1 到 10,000 名得奖者和每人所得。
refusal-guess-over-budget = 全部奖励超过预算。
refusal-guess-insider = 本店人员可能知道答案，不参加。
refusal-quiz-enough-today = 每天 { $most } 次，明天再来。
refusal-quiz-answered = 已经答过了。
refusal-quiz-too-late = 时间到了。
refusal-quiz-bad-answers = 每道题选一个答案。
refusal-quiz-bad-terms = { $which ->
    [questions] 每道题有 2 到 6 个选项，其中一个正确；最多 500 题。
    [ask] 出题数不超过题库。
    [pass] 通过所需的题数不超过出题数。
    [time] 时间为十秒到一小时。
    [per_day] 每天一到一百次。
    [words] 题目和选项最多 200 字。
    [reward] 奖励要大于零。
   *[other] 有一项设置不对。
}
refusal-quiz-already-won = 你已经通过，只得一次。

console-game = 进行情况
console-game-prizes = 奖品
console-game-prize = 奖品
console-game-left = 剩余
console-game-worth = 价值
console-game-odds = 概率
console-game-drawn = 已抽
console-game-hash = 种子的哈希
console-game-revealed = 种子已公布
console-game-sealed = 种子在结束前保密
console-game-draws = 谁抽到什么
console-game-draws-none = 还没有人抽过。
console-game-waits = 待交付
console-game-handed = 已交付
console-game-hand-over = 交付
console-game-give = 给机会
console-game-give-who = 给谁：联系方式或编号
console-game-give-chances = 几次
console-game-give-reason = 原因
console-game-nobody = 没有找到这个人。
console-game-page = 打开页面
console-game-proof = 打开证明

console-invariant-C1 = 抽奖从一开始连续编号
console-invariant-C2 = 每种奖品送出的数量等于抽中的数量，奖票落在哪里就是哪里，否则归最后一项
console-invariant-C3 = 机会等于所给的，每次抽奖用一次
console-invariant-C4 = 抽中的人得到等值的奖励，实物交付后才算送出
console-invariant-C5 = 抽奖结束时公布种子，之后没有人再抽
console-invariant-C6 = 红包各份之和等于总额，按顺序领取
console-invariant-C7 = 在期限内领到一份的人得到这份奖励，别人没有
console-invariant-C8 = 红包到期关闭，退回的是没有人领的部分
console-invariant-C9 = 竞猜有编号、有次数，答案公布后每人最多得奖一次
console-invariant-C10 = 答题在时间内完成，通过的人得奖一次

console-terms-coupon = 优惠券
console-terms-coupon-help = 在“优惠券”里建好的、优惠有上限的券；数字是一张最多减多少。
console-terms-coupon_count = 张数
console-terms-coupon_count-help = 预算要够所有券的面值。
console-terms-prizes = 奖品，每行一项
console-terms-prizes-help = 名称 | credit（余额）、thing（实物）或 nothing（无）| 价值 | 权重 | 数量。最后一行是安慰项：nothing，不写数量。
console-terms-face = 样式
console-terms-face-wheel = 转盘
console-terms-face-scratch = 刮刮卡
console-terms-face-grid = 九宫格
console-terms-daily_chances = 每天来访送几次机会
console-terms-order_chances = 每笔过了退货期的订单送几次机会
console-terms-by_hand = 员工可以手动给机会
console-terms-packet_total = 总额
console-terms-packet_count = 份数
console-terms-split = 怎样分
console-terms-split-equal = 均分
console-terms-split-random = 随机
console-terms-least_part = 每份最少
console-terms-what = 猜什么的价格
console-terms-answer = 答案
console-terms-answer-help = 活动上线时封存，结束前谁也看不到。
console-terms-winner_gets = 得奖者得到的店铺余额
console-terms-winners = 得奖人数
console-terms-guesses = 每人可猜几次
console-terms-questions = 题目
console-terms-questions-help = 先写题目，再写选项：每行以 - 开头，正确的以 * 开头。两题之间空一行。
console-terms-ask = 出几题
console-terms-pass = 答对几题通过
console-terms-seconds = 秒数
console-terms-tries = 每天几次
