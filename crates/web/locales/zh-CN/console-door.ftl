# 后台的门：两步登录，以及在哪里登录着。

console-second = 验证码登录
console-second-title = 手机上的验证码
console-second-what = 再加一步
console-second-say = 输完密码，再输手机验证器上的六位数字，每半分钟换一次。就算密码被人知道，也进不来。
console-second-none = 现在只凭密码就能进后台。
console-second-change = 设置
console-second-unset = 现在只凭密码就能进后台。准备好一个验证器应用，哪一款都行。
console-second-begin = 开始设置
console-second-owed = 本店要求你开启这一步。设置好以后，其他页面才会打开。
console-second-scan = 用验证器扫一扫
console-second-scan-say = 打开验证器应用，选添加账号，把镜头对准这里。
console-second-picture = 给验证器扫的密钥图
console-second-by-hand = 扫不了？把这串字母输进应用：
console-second-code = 六位验证码
console-second-code-any = 验证器上的码，或一个备用码
console-second-confirm = 开启
console-second-end = 关闭
console-second-on-now = 已开启。
console-second-codes-say = 请抄下这些备用码，别和手机放在一起。手机不在时，每个能登录一次。以后不再显示。
console-second-kept = 抄好了
console-second-since = { $when }起登录要验证码。
console-second-left = 备用码还剩 { $count } 个。
console-second-lost = 手机不在身边？输入一个抄下的备用码。
console-second-anew = 重新登录
console-second-off = 已关闭。
console-security = 我的登录
console-security-say = 你怎么进来，现在在哪些浏览器上登录着。
console-session-here = 这个浏览器
console-session-elsewhere = 另一个浏览器
console-session-began = { $when }登录
console-session-end-others = 退出其他浏览器
console-others-ended = { $count ->
    [0] 没有其他浏览器登录着。
   *[other] 已在另外 { $count } 个浏览器上退出。
  }
console-invariant-F1 = 只有店员有两步登录，密钥完整
console-invariant-F2 = 开启的两步登录有十个备用码，没开启的没有
console-invariant-F3 = 停在两步之间的人，都开启了两步登录
