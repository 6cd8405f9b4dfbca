# 不能这样做的时候怎么说：发生了什么、有没有损失、接下来怎么办。编号是 refusal- 加上代码。

refusal-person-bad-contact = 这不像邮箱，也不像手机号。请检查后再试。
refusal-person-wrong-code = { $left ->
    [0] 验证码不对，次数已用完。请重新获取验证码。
   *[other] 验证码不对，还可以试 { $left } 次。
}
refusal-person-code-expired = 验证码已过期或已用过。请重新获取，用最新收到的那个。
refusal-person-too-many-codes = 这个联系方式已经发过好几个验证码了。请用最近收到的那个，或过 { $minutes } 分钟再试。
refusal-person-too-many-tries = 这个验证码试错太多次，已经失效。请重新获取。
refusal-person-wrong-password = 名字或密码不对。请检查大小写后再试。
refusal-person-wrong-second-code = 验证码不对，或已经用过。等下一个出来再试。
refusal-person-sign-in-anew = 间隔太久，或者已经登录过了。请重新登录。
refusal-person-bad-passkey = 读不懂这个通行密钥，或者它不是本店的。请再试一次。
refusal-person-unknown-passkey = 这里已没有这个通行密钥，请换一种方式登录。
refusal-person-passkey-too-late = 间隔太久，或者已经用过了。请再试一次。
refusal-person-passkey-taken = 这个通行密钥已经有主人了。
refusal-person-bad-passkey-name = 名字要有 1 到 60 个字。
refusal-person-too-many-passkeys = 已有 20 个通行密钥，请先移除一个。
refusal-person-no-passkeys-here = 浏览器只为有域名、用 https 的店保存通行密钥。
refusal-person-weak-password = 密码要 10 到 200 个字符，并且不能和名字一样。
refusal-person-taken = 这个联系方式已经是店员了。
refusal-person-bad-name = 名字要 1 到 40 个字，至少有一个文字或数字。
refusal-person-bad-scope = 请至少选一项权限。
refusal-person-role-above-yours = 只能在自己的权限以内授予、修改或收回；自己的角色要由别人来改。
refusal-person-bad-role = 角色要有 1 到 60 个字的名称，并且至少有一项权限。
refusal-person-role-name-taken = 已有同名的角色。
refusal-person-role-in-use = 还有人在使用这个角色，请先给他们换一个。

refusal-catalog-bad-title = 请填写标题，最多 255 个字。
refusal-catalog-bad-handle = 商品网址只能用小写字母、文字、数字和连字符。
refusal-catalog-handle-taken = 另一件商品已经用了这个网址，请换一个。
refusal-catalog-bad-price = 价格要是不小于 0 的金额，例如 19.90。
refusal-catalog-bad-options = 最多 3 个选项、每项 100 个取值，且不能有两个相同的规格。
refusal-catalog-bad-picture = 这张图片读不了或太大。请用 JPEG、PNG 或 WebP。
refusal-catalog-not-for-sale = 这件商品暂时不卖。没有扣款，可以看看别的。
refusal-catalog-no-such-category = 没有这个分类，请重新选择。
refusal-catalog-not-a-product-file = 这不是商品表格：需要带表头的 CSV 文件，至少有 Handle 和 Title 两列（或新版的 URL handle）。

refusal-inventory-only-left = { $left ->
    [0] 刚刚卖完了。没有扣款。
   *[other] 只剩 { $left } 件了。没有扣款，请减少数量再试。
}
refusal-inventory-bad-quantity = 数量要在 1 到 9,999 之间；调整库存时不能为 0。
refusal-inventory-no-reason = 请写下调整库存的原因，方便以后查账。

refusal-group-buy-not-running = 这个拼团活动还没开始、已暂停或已结束。没有扣款，你仍可以单独购买。
refusal-group-buy-buyers-only = 只有在本店买过东西的人可以开团。你可以参加别人开的团，或单独购买。
refusal-group-buy-new-customers-only = 这个团只收第一次来的新朋友。没有扣款，你可以自己开一个团。
refusal-group-buy-too-many-per-order = 这个拼团每单最多 { $most } 件。请减少数量再试。
refusal-group-buy-too-many-per-person = 这个拼团每人最多买 { $most } 件，算上你还没付款的订单。
refusal-group-buy-already-in = 你已经在这个团里了，不用再参加一次。
refusal-group-buy-full = 最后一个位置刚刚被占了。没有扣款，你可以开一个新团或参加别的团。
refusal-group-buy-not-open = 这个团已经有结果，不能再参加。没有扣款，你可以开一个新团。
refusal-group-buy-too-late = 这个团的时间到了。没有扣款，你可以开一个新团。
refusal-group-buy-not-in = 你不在这个团里。
refusal-group-buy-not-offered = 这个规格不参加拼团，请换一个规格，或单独购买。
refusal-group-buy-sold-out = { $left ->
    [0] 拼团专用的库存刚刚用完。没有扣款，你仍可以单独购买。
   *[other] 拼团专用的库存只剩 { $left } 件。没有扣款，请减少数量再试。
}
refusal-group-buy-bad-terms = { $which ->
    [need] 一个团要 2 到 100 人。
    [tiers] 每一档的人数和优惠都要比前一档多，并且不能减到 0 元。
    [life] 一个团的时间要在 5 分钟到 7 天之间。
    [pay_window] 付款时间要在 1 到 60 分钟之间。
    [limits] 限购数量要在 1 到 9,999 之间，每单不能多于每人。
    [lowered_to] 到点可成团的人数要在 1 和“成团人数减 1”之间。
    [leader_off] 团长优惠不能是负数，并且要低于最低的拼团价。
   *[other] 有一项设置不对，请检查后再保存。
}
refusal-group-buy-not-now = { $status ->
    [draft] 活动还是草稿，先发布它。
    [scheduled] 活动还没开始，现在不能这样做。
    [running] 活动正在进行，现在不能这样做。
    [paused] 活动已暂停，先继续它。
    [ended] 活动已结束，不能再改。可以用它的设置新建一个。
   *[other] 活动现在的状态不能这样做。
}

refusal-order-not-now = { $status ->
    [pending_payment] 订单还没付款，现在不能这样做。
    [paid] 订单刚付款，正在处理，请稍后再试。
    [awaiting_team] 订单在等团拼满，现在不能这样做。
    [awaiting_taker] 这份礼物还没有人领取，现在不能这样做。
    [to_ship] 订单正在备货，现在不能这样做。
    [shipped] 订单已经发货，现在不能这样做。
    [delivered] 订单已经送达，现在不能这样做。
    [completed] 订单已经完成，不能再改。
    [cancelled] 订单已经取消，没有扣款。
    [refunding] 订单正在退款，请等退款完成。
    [refunded] 订单已经全额退款。
    [late_paid] 这笔钱到得太晚，正在原路退回。
   *[other] 订单现在的状态不能这样做。
}
refusal-order-nothing-to-order = 购物车是空的，先选几件喜欢的吧。
refusal-order-price-changed = 你看的时候价格变了。还没有下单，也没有扣款；请看一眼新价格再决定。
refusal-order-bad-address = 地址缺了一项或格式不对，请检查标出的地方。
refusal-order-bad-shipping = 这个配送方式用不了，请换一个。
refusal-order-bad-tracking = 物流单号要 4 到 60 个字母、数字或连字符。
refusal-order-awaits-taker = 这份礼物还没有人领取，等收礼人填好地址才能发货。
refusal-gift-bad-wish = 贺卡最多 200 字，礼物可以等 1 小时到 15 天。
refusal-gift-own-gift = 这是你自己要送的礼物，把链接发给朋友吧。
refusal-gift-taken = 别人先领走了这份礼物。
refusal-gift-yours-already = 你已经领取了这份礼物。
refusal-gift-over = 礼物已退回：没有人按时领取，或送礼人收回了。
refusal-gift-not-a-gift = 这些商品不能买来送礼。
refusal-gift-not-offered = 本店暂时不支持送礼。
refusal-order-awaits-team = 这笔订单在等团拼满，不能直接取消；你可以退出这个团，全额退款。
refusal-order-note-too-long = 备注最多 500 个字。

refusal-delivery-bad-method = 配送方式的代码须为 2–30 个小写字母、数字或连字符，名称不能为空，至少要有一条运费规则。
refusal-delivery-bad-rate = 运费规则里有一项不对：地区、首重首件、续重续件或金额。
refusal-delivery-code-taken = 这个代码已被另一种配送方式使用。
refusal-delivery-bad-point = 自提点需要名称和地址，每项不超过 200 字。
refusal-delivery-too-many = 最多 50 个。
refusal-price-bad-list = 价目表需要不超过 60 字的名称，结束要晚于开始，折扣为 0.01–100%，起购 1–9999 件。已有固定价时不能换币种。
refusal-price-bad-price = 价格里有一项不对：商品、件数（1–9999）或金额。
refusal-price-bad-group = 分组需要不超过 60 字的名称，等级为 0–1000。
refusal-price-bad-tax = 税费设置里有一项不对：地区（如 CN、US/CA、*）、邮编，或 0–100% 的税率。
refusal-price-bad-currency = 每个币种只能出现一次，且不能是本币；汇率是 0.1389 这样的数，取整单位至少为 1。
refusal-price-bad-file = 这不是价格文件：需要 sku 或 variant 列和 price 列，不超过 2 MB。
refusal-price-name-taken = 这个名称已被使用。
refusal-price-too-many = 已经太多了，请先删除一个。
refusal-price-group-in-use = 有价目表适用于这个分组，请先修改价目表。
refusal-price-list-in-use = 订单或价格记录用到过这张价目表，不能删除，可以停用。
refusal-price-no-such-person = 没有人使用这个邮箱、手机号或编号。
refusal-price-no-such-goods = 没有商品使用这个 SKU、网址名或编号。
refusal-price-not-in-currency = “{ $title }”不以你选的币种出售。没有下单，请换一个币种。
refusal-address-too-many = 地址簿最多保存 { $most } 个地址。
refusal-order-not-delivered = 这个地址不在配送范围内。
refusal-order-card-too-long = 贺卡最多 300 字。
refusal-order-partly-shipped = 订单已有包裹寄出，不能整单取消。
refusal-order-bad-parcel = 包裹里的商品或数量不对：不能超过待发数量。
refusal-order-no-such-pickup = 没有等待这个取货码的订单，或已经取走。
refusal-search-bad-synonyms = 请给出 2–20 个词或短语，每个不超过 40 字。
refusal-search-too-many = 最多 { $most } 组同义词。
refusal-return-not-now = { $status ->
    [requested] 这次售后在等店家答复。
    [approved] 这次售后已经同意，钱正在退回。
    [refused] 店家没有同意；买家可以请店主决定。
    [escalated] 这次售后等店主决定。
    [awaiting_return] 这次售后在等买家寄回。
    [returned] 货正在寄回的路上。
    [received] 货已经收到了。
    [refunded] 钱已经退了。
    [replaced] 换的货已经寄出了。
    [closed] 这次售后已经结束。
    [withdrawn] 买家已经撤回。
   *[other] 售后现在的状态不能这样做。
}
refusal-return-not-returnable = { $status ->
    [pending_payment] 订单还没付款，可以直接取消。
    [awaiting_team] 订单在等团拼满，可以退出这个团，全额退款。
    [to_ship] 订单还没发货，可以整单取消。
    [refunding] 这笔订单正在退款。
    [refunded] 这笔订单已经退款。
   *[other] 这笔订单现在不能申请售后。
}
refusal-return-too-late = 期限已经过了。东西有问题的话，请选对应的原因；否则请联系店家。
refusal-return-no-lines = 请选哪几件、各几件。
refusal-return-only-left = { $left ->
    [0] 这件都申请过了，没有改动。
   *[other] 这件只剩 { $left } 件还没申请，没有改动。
}
refusal-return-bad-amount = 金额不能是零，也不能超过实付。
refusal-return-bad-reason = 这个原因和你选的处理方式不搭，请换一个。
refusal-return-bad-text = 请用几句话说明情况，最多 1000 个字。
refusal-return-bad-pictures = 最多六张图片，JPEG、PNG 或 WebP，每张不超过 8 MB。
refusal-return-bad-exchange = 不能换成这个。请选同一商品里同价、有货的。
refusal-return-no-reason = 请写明理由，买家会看到。
refusal-return-no-address = 请先在设置里填写退货地址。
refusal-return-bad-count = 每一件都要数到：能再卖，或不能。
refusal-return-still-open = 这笔订单有售后还没结束，请先处理完；没有改动。

refusal-payment-not-payable = { $status ->
    [cancelled] 订单已经取消，不用付款了。想要的话请重新下单。
    [pending_payment] 现在还不能付款，请刷新页面再试。
   *[other] 这笔订单已经付过款，不会重复扣款。
}
refusal-payment-bad-signature = 通知的签名不对，没有采纳。
refusal-payment-bad-notice = 通知的内容读不懂，没有采纳。
refusal-payment-provider-down = 支付服务暂时没有回应。订单已为你保留，没有重复扣款，请过一会儿再试。

refusal-share-bad-code = 这个分享链接不完整或已失效。请让朋友再发一次，或直接逛逛。

refusal-webhook-bad-url = 地址须是公网上的 https，例如 https://erp.example/hooks。没有做任何改动。
refusal-webhook-url-taken = 已经有一个接收地址用了它。请修改那一个，或换个地址。
refusal-webhook-no-such-event = 没有这个名字的事件，名字见事件参考。
refusal-webhook-bad-description = 太长了，最多 200 个字。
refusal-webhook-too-many = 已经有 { $most } 个接收地址，到上限了。请先移除一个。
refusal-webhook-is-off = 这个接收地址已关闭，没有发送。请先开启。
refusal-webhook-too-many-again = 一次超过 { $most } 个事件，没有重新告诉。请选晚一点的时刻。

refusal-ledger-unbalanced = 这笔账借贷不平，没有记入。
refusal-ledger-below-floor = 余额不足，这笔账没有记入。
refusal-ledger-hold-spent = 这笔预留已经用掉或放开了，没有再次记入。

refusal-not-found = 你要找的不在这里。它可能已经下架，或链接不完整。
refusal-sign-in-first = 请先登录；登录后会回到这里接着做。
refusal-forbidden = 你的身份不能做这件事。需要的话，请联系店主。
refusal-stale = 你打开之后别人改过了。你的修改还没保存，请刷新后再改一次。
refusal-idempotency-missing = 这个请求会产生实际效果，请带上 Idempotency-Key。
refusal-idempotency-malformed = Idempotency-Key 要是 16 到 255 个可见字符。
refusal-idempotency-reused = 这个 Idempotency-Key 已用于另一个请求，请换一个新的。
refusal-too-many = 操作太频繁了，请稍等一会儿再试。
refusal-unavailable = 现在有点忙，什么都没有改动。请过一会儿再试。
refusal-broken = 我们这边出了问题，已经记下。可以再试一次；还不行，请把页面上的编号告诉我们。

refusal-inventory-bad-file = 文件读不了：需要 variant 或 sku 列，以及 available 列。
refusal-order-bad-price = 价格不对：订单应付须大于 0，各项不能为负。
refusal-order-in-team = 拼团订单的价格和商品由活动决定，不能在这里修改。
refusal-order-all-out = 全部减掉就没有商品了，请直接整单退款。
refusal-order-bad-line = 只能修改还没发出的商品，数量不能超过待发数。
refusal-order-bad-swap = 只能换成同一商品、同价且在售的规格。
refusal-order-dearer = 新地址运费更高，而订单已付款。可以不改运费保存，或另开一单补差价。
refusal-order-being-paid = 买家正在付款，请稍后再试。
refusal-order-no-reason = 请写明原因，最多 200 字。
refusal-order-bad-note = 备注要 1 到 2000 字。
refusal-order-bad-tag = 标签最多 40 字、不含逗号，每单最多 20 个。
refusal-order-bad-view = 视图名称要 1 到 60 字。
refusal-order-too-many = 请至少选一个，最多 { $most } 个。
refusal-order-bad-file = 文件读不了：每行须有订单号、快递公司、快递单号。
refusal-draft-done = 这张代客订单已发送或已放弃。
refusal-draft-bad-lines = 代客订单要有 1 到 100 行，每行 1 到 9999 件。
refusal-draft-bad-discount = 优惠须写明原因，且不超过该行金额。
refusal-draft-no-customer = 请填写客人的手机号或邮箱。
refusal-draft-bad-time = 付款期限为 1 小时到 30 天。
refusal-draft-kept-from-ordering = 这位客户已被限制下单，请先到客户页面解除。
refusal-payment-no-such-method = 这笔订单不能用这种方式付款，请另选一种。
refusal-payment-no-proof = 请填写凭据，例如转账单号（最多 120 字）。
refusal-payment-no-how = 请告诉买家如何付款（最多 1000 字）。
refusal-payment-bad-days = 商品可保留 1 到 30 天。
refusal-payment-not-due = 这笔订单应付 { $due }，不多也不少。
refusal-wallet-other-currency = 这个订单用{ $currency }付款，而你的钱包里没有这种货币，请换一种付款方式。
refusal-wallet-not-enough = 只剩 { $left }。
refusal-wallet-bad-amount = 请填写合适的金额。
refusal-wallet-over-limit = 超过了钱包的充值上限，还可充值 { $room }。
refusal-wallet-not-offered = 本店暂不支持充值。
refusal-wallet-nothing-left = 没有可退回的余额了。
refusal-wallet-no-reason = 请说明原因（最多 200 字）。
refusal-point-not-enough = 只有 { $left } 积分可用。
refusal-point-bad-amount = 请填写合适的积分数。
refusal-point-too-few = 每次至少用 { $least } 积分。
refusal-point-not-here = 这个订单不能用积分。
refusal-point-bad-terms = 请检查数字：每项至少为 1。
refusal-point-no-reason = 请说明原因（最多 200 字）。
refusal-level-bad-count = 等级数为 1 到 20。
refusal-level-bad-from = 第一级从 0 开始，后面的要逐级升高。
refusal-level-bad-boost = 积分倍数为 1 到 10，且不低于前一级。
refusal-level-bad-name = 等级名称为 1 到 40 字。
refusal-level-no-such-group = 没有这个客户组。
refusal-check-in-already = 今天已经签到，连续 { $streak } 天。
refusal-task-not-done = 还差 { $left } 次才能领取。
refusal-task-claimed = 已经领取过了。
refusal-task-too-late = 已经过了时间。
refusal-content-bad-slug = 地址需为 1 到 60 个小写字母、数字或连字符。
refusal-content-slug-taken = 已有页面使用这个地址。
refusal-content-bad-title = 标题需为 1 到 120 字。
refusal-content-too-long = 文字太长了。
refusal-content-bad-link = 链接须以 / 或 https:// 开头。
refusal-content-bad-from = 旧地址须以 / 开头，且不能是本店自己的页面。
refusal-content-loop = 这样会转回自己。
refusal-content-bad-colour = 颜色写作 # 加六位数字，例如 #1f8a70。
refusal-content-bad-part = 这个板块已经有了，或缺少分类与文字。
refusal-letter-not-by-this = 这种信件不走这个方式，没有做任何改动。
refusal-letter-no-such-field = 这封信里没有叫 { $name } 的内容，没有做任何改动。可以填入的内容列在旁边。
refusal-letter-open-brace = 有花括号没有配对，没有做任何改动。想写花括号本身，请连写两个。
refusal-letter-no-subject = 请填写主题。
refusal-letter-no-body = 请填写正文，只能是纯文本。
refusal-letter-too-long = 太长了，最多 { $most } 个字。
refusal-letter-locked = 这一项不能关闭，没有做任何改动。
refusal-letter-bad-link = 这个链接不对，或不完整。请从信里重新打开。
refusal-letter-not-carried = 现在还没有渠道能发送，没有发出。请先设置邮件或发送渠道，以及你自己的联系方式。
refusal-letter-not-again = 它正在发送，或已经发出。
refusal-invoice-not-offered = 本店暂不提供发票。
refusal-invoice-not-paid = 订单支付后才能申请发票。
refusal-invoice-awaits-team = 还没成团，成团后才能开票。
refusal-invoice-nothing-left = 没有可开票的金额。
refusal-invoice-already-asked = 已经申请过发票了。
refusal-invoice-already-issued = 发票已开具。
refusal-invoice-not-now = 状态已变化，请刷新后再试。
refusal-invoice-bad-title = 请填写发票抬头（最多 100 字）。
refusal-invoice-bad-tax-number = 税号不正确：请核对统一社会信用代码，或带国家代码的增值税号。
refusal-invoice-bad-address = 地址太长（最多 200 字）。
refusal-invoice-no-reason = 请说明原因（最多 200 字）。
refusal-invoice-bad-seller = 销售方信息太长。
refusal-invoice-bad-prefix = 前缀最多 10 位大写字母、数字或连字符，且不能以数字结尾。
refusal-invoice-too-many = 一次可开具 1 到 { $most } 张。
refusal-legal-empty = 请填写内容。
refusal-legal-too-long = 内容太长。
refusal-legal-bad-licence = 请检查这一项：太长，或链接不正确。
refusal-seller-bad-name = 请填写商家名称，最多 60 个字。
refusal-seller-bad-handle = 短名只能有小写字母、数字和连字符。
refusal-seller-handle-taken = 已有商家使用这个短名。
refusal-seller-bad-commission = 佣金应在 0 到 100% 之间。
refusal-seller-no-licence = 请填写经营者信息，最多 300 字：买家必须能看到。
refusal-seller-bad-receiver = 请检查支付机构的收款账号。
refusal-seller-several-sellers = 这些商品属于不同商家，请分别下单。
refusal-seller-ordered = 该商品已有订单，不能更换商家。
refusal-seller-in-campaign = 该商品正在参加店铺的活动，活动结束后才能更换商家。
refusal-seller-month-not-over = 这个月还没有结束。
refusal-seller-earlier-month = 之前的月份还没有结算。
refusal-campaign-not-now = { $status ->
    [draft] 活动还是草稿，请先检查并发布。
    [checked] 活动已通过检查，还没有发布。
    [scheduled] 活动还没有开始，现在不能这样做。
    [running] 活动正在进行，现在不能这样做。
    [paused] 活动已暂停，请先恢复。
    [ended] 活动已结束，可以复制一份再办。
   *[evaluated] 活动已结束并完成评估，不能再改，可以复制一份再办。
}
refusal-campaign-bad-frame = { $which ->
    [title] 请填写活动名称，最多 120 个字。
    [dates] 结束时间须在开始之后，且不超过一年。
    [goals] 请设一到五个大于零的目标。
    [audience] 请选择活动面向谁。
    [limits] 限制至少为 1；同设备合计不少于每人，每天不多于每人。
    [budget] 请设置大于零的预算，以店铺货币或积分计。
    [holdout] 对照组最多占一半。
   *[channels] 请至少选择一个渠道。
}
refusal-campaign-bad-list = 名单需要不超过 60 字的名称。
refusal-campaign-bad-people = 请填写 1 到 2000 行，每行一个邮箱、手机号或编号。
refusal-campaign-list-in-use = 还有未结束的活动以这份名单为对象。
refusal-campaign-unknown-goods = 没有货号为“{ $name }”的商品。
refusal-campaign-bad-terms = { $which ->
    [offered] 请至少写一件商品，每个规格一次，最多 50 个。
    [one_product] 一个拼团只卖一件商品，可以有几个规格。
    [sellers_goods] 有商品属于入驻商家，店铺的活动只能用自营商品。
    [quota] 预留数量为 1 到 1,000,000。
    [price] 活动价须低于原价、不低于零。
    [creative] 活动介绍最多 2,000 字。
    [mechanic] 换一种玩法，请另建一个活动。
    [slots] 场次最多 24 个，按先后排列，互不重叠。
    [limits] 每单不多于每人，为 1 到 9,999 件。
    [pay_window] 付款时间太短或太长。
    [preheat] 预热最多七天。
    [cuts] 刀数为 2 到 200，砍去的每刀至少一分。
    [new_takes] 新客一次拿 1 到 5 刀，且少于总刀数。
    [helper] 每人可助力的次数至少为 1，每天不多于总数。
    [life] 时限太短或太长。
    [quantity] 件数为 1 到 99。
    [steps] 请设 1 到 5 档，人数逐档增加，每档都有奖励。
    [reward] 奖励不能是负数，也不能为空。
    [days] 请设 1 到 31 天的积分，不能全为零。
    [bonuses] 连签奖励最多十项，天数各不相同，从两天起。
    [tasks] 请设 1 到 20 个任务，各 1 到 100 次、1 到 100,000 积分。
    [deed] 有一个任务是店铺无法得知的。
    [items] 请写 1 到 100 件可兑换的东西。
    [points] 每件都要有积分价。
    [per_person] 每人限兑数量至少为 1。
    [stock] 商品要写数量。
    [money] 另付的金额不对。
   *[other] 活动的这项设置不对：{ $which }。
}
refusal-campaign-not-lawful = 检查发现了必须处理的问题，请先修改或说明。
refusal-campaign-not-funded = 预算还没有预留。
refusal-campaign-not-stocked = 库存不够预留。
refusal-campaign-too-late = 活动时间已过。
refusal-campaign-still-waiting = 还有 { $count } 份奖励在等待兑现。
refusal-campaign-frozen = 活动开始后只能往有利于买家的方向改：{ $field ->
    [starts] 开始时间
    [ends] 结束时间
    [budget] 预算
    [per_person] 每人次数
    [per_cluster] 同一设备、地址的次数
    [per_day] 每天次数
    [total] 总次数
    [audience] 面向人群
    [holdout] 对照组比例
    [combines] 叠加规则
    [price] 价格
    [threshold] 达成条件
    [reward] 奖励
    [prize_stock] 奖品数量
    [prize_weight] 中奖概率
    [window] 时限
    [method] 玩法
    [rules] 活动规则
    [title] 名称
    [picture] 文案和图片
   *[channels] 分享奖励的渠道（只能关，不能开）
}。
refusal-campaign-not-running = 活动现在没有进行，你没有损失。
refusal-campaign-not-for-you = 这个活动不面向你，规则页里写着面向谁。
refusal-campaign-limit-person = 你已达到每人上限：{ $most } 次。
refusal-campaign-limit-today = 今天的 { $most } 次已用完，明天再来。
refusal-campaign-limit-shared = 同一设备或地址合计 { $most } 次已用完。
refusal-campaign-silent = 在{ $channel ->
        [wechat] 微信
        [weibo] 微博
        [douyin] 抖音
       *[xiaohongshu] 小红书
    }里打开的链接不参加奖励，你没有损失。请用浏览器打开本页再参加。
refusal-campaign-limit-total = { $most } 份已全部送完。
refusal-campaign-not-answerable = 这一项只能改掉，不能说明。
refusal-campaign-bad-ground = 这条规则不接受这个理由。
refusal-campaign-no-evidence = 请填写依据，一到二十条。
refusal-reward-only-left = 只剩 { $left } 可以承诺。
refusal-reward-bad-amount = 这个数额不能作为奖励。
refusal-reward-closed = 这个活动不再发放奖励。
refusal-reward-other-amount = 这份奖励已按另一数额承诺。
refusal-reward-not-now = 奖励当前状态不能这样做。
refusal-promotion-bad-settings = 促销设置有误：请检查时间、档位、商品和价格。
refusal-coupon-not-now = 这张券现在不能领取。
refusal-coupon-all-taken = 这批优惠券已领完。
refusal-coupon-enough-for-person = 每人最多可领 { $most } 张。
refusal-coupon-enough-for-household = 同一户最多可领 { $most } 张。
refusal-coupon-not-for-you = 这张券不面向你。
refusal-coupon-not-held = 这张券已使用或已失效。
refusal-coupon-too-early = 这张券还未到使用时间。
refusal-coupon-expired = 这张券已过期。
refusal-coupon-other-currency = 这张券仅用于 { $currency } 订单。
refusal-coupon-no-match = 这张券不适用于这些商品。
refusal-coupon-below-threshold = 未达到使用门槛：还差 { $missing }。
refusal-coupon-not-together = 这些券不能同时使用。
refusal-coupon-nothing-left = 这张券已没有可减的金额。
refusal-coupon-bad-code = 兑换码无效或已被使用，请检查。
refusal-coupon-bad-template = 优惠券设置有误：请检查优惠、时间和数量。
refusal-coupon-bad-file = 文件无法读取，或兑换码过多。
refusal-coupon-in-use = 已有人持有这种券，优惠内容不能再改。请另建一种。
refusal-coupon-link-taken = 这个链接已被另一种券使用。
refusal-order-no-points = 这里不能使用这些积分。
refusal-assist-own = 这是你自己的助力，发给朋友吧。
refusal-assist-already-helped = 你已经助力过了，谢谢！
refusal-assist-expired = 助力时间已过。
refusal-assist-done = 已经全部解锁了。
refusal-assist-new-customers-only = 只有从未下单的新客能助力。
refusal-assist-buyers-only = 只有买过的人能助力。
refusal-assist-enough-help = 本活动每人最多助力 { $most } 次。
refusal-assist-same-cluster = 同一设备或地址已有人参与。
refusal-invite-oneself = 不能邀请自己。
refusal-invite-not-new = 邀请只对新朋友有效。
refusal-invite-already-invited = 你已经接受过邀请了。
refusal-invite-circle = 你邀请来的人不能再邀请你。
refusal-flash-sale-not-yet = 秒杀还没开始。
refusal-flash-sale-over = 秒杀已结束。
refusal-flash-sale-too-many-per-order = 每单最多 { $most } 件。
refusal-flash-sale-too-many-per-person = { $left ->
    [0] 你已达到本场限购数量。
   *[other] 你还可以购买 { $left } 件。
}
refusal-flash-sale-sold-out = 已抢完。
refusal-flash-sale-only-left = 只剩 { $left } 件。
refusal-flash-sale-queued = 候补的人优先。
refusal-points-shop-sold-out = { $left ->
    [0] 已经兑完了。
   *[other] 只剩 { $left } 份。
}
refusal-points-shop-enough = 每人限兑 { $most } 份。
refusal-points-shop-level-too-low = 限更高等级的会员。
refusal-points-shop-points-missing = 还差 { $missing } 积分。
refusal-points-shop-bad-quantity = 请至少兑换一份；优惠券一次一张。
