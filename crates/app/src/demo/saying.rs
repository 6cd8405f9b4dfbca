//! What people say about what they received, and what the shop says to that.

use domain::id::Id;
use domain::moment::Span;
use domain::order::Order;
use domain::review::{Ground, Review};

use super::content;
use super::door::signed_in;
use super::life::{Life, Next, Who, awake};
use crate::failure::Failure;
use crate::product_page;
use crate::review::desk::{self, Answer, Hide};
use crate::review::{self, FollowUp, Look, ReviewView, Vote, Write};

/// Words for one to five stars, in the shop's language.
const WORDS: [&[&str]; 5] = [
    &["收到时已经破了，联系了店家。", "和图片差得有点多，失望。", "等了很久，打开味道也不对。"],
    &["东西还行，包装太简单，角上压坏了。", "比想象的小一圈，价格偏高。", "用了两次就有点掉色。"],
    &["中规中矩，日常够用。", "还可以，但没有特别惊喜。", "质量过得去，物流慢了一天。", ""],
    &[
        "做工细致，和描述一致，会再来。",
        "挺好用的，颜色比图片略深一点点。",
        "拼团买很划算，同事也跟着下了一单。",
        "家里人喜欢，就是包装可以再环保一点。",
        "",
    ],
    &[
        "很满意！第二次买了，品质一直稳定。",
        "包装用心，打开就有惊喜，送人也合适。",
        "和朋友一起拼的，三个人都说好。",
        "细节处理得很好，手感比预想的还好。",
        "孩子拿到就不肯放下，值得买。",
        "发货快，隔天就到，客服也耐心。",
        "",
    ],
];
const WORDS_EN: [&[&str]; 5] = [
    &["Arrived broken. The shop has been told."],
    &["Smaller than I thought, for that price."],
    &["Does its job. Nothing to write home about."],
    &["Well made and as described. I would buy it again.", "Good, if a little late."],
    &["Better than the pictures. A friend wants one now.", "Lovely, and so carefully packed."],
];
const LATER: [&str; 4] = [
    "用了一阵子再来说：依旧好用，没有变形。",
    "追评：洗过几次，颜色没掉，满意。",
    "过了一周，新鲜劲过了还是喜欢。",
    "补充一下：家里老人也说好。",
];
const SORRY: [&str; 3] = [
    "很抱歉让您失望了。请在订单页申请售后，我们马上为您处理。",
    "对不起，是我们没包好。这批货的包装已经换成加厚的了。",
    "谢谢您直说，我们已经把尺寸写得更清楚了。",
];
const THANKS: [&str; 3] = [
    "谢谢您的认可，期待再见！",
    "谢谢分享！有任何问题随时找我们。",
    "很高兴您喜欢，我们会继续用心。",
];
/// Somebody who says too much.
const TOO_MUCH: &str = "卖家小王电话 138 0000 0000，大家有事直接打他手机。";
/// So many reviews have pictures: drawing them takes its time.
const PICTURED: usize = 6;

/// Somebody writes about what came, and says which words of others helped.
pub fn write(life: &mut Life, who: Who, order: Id<Order>) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    for line in review::of_order(life.app, &visitor, order)? {
        if !line.may_write || !life.said.luck.chance(680) {
            continue;
        }
        let nth = life.said.luck.weighted(&[3, 4, 10, 31, 52]);
        let english = life.crowd[who].someone.language == "en";
        let words = if english { WORDS_EN[nth] } else { WORDS[nth] };
        let mut text = life.said.luck.pick(words).to_string();
        let too_much = nth == 0 && !english && life.said.hidden == 0;
        if too_much {
            text = TOO_MUCH.to_string();
            life.said.hidden += 1;
        }
        let keyed = life.keyed(&visitor)?;
        let stars = nth as i64 + 1;
        let write = Write { line: line.line, stars, text };
        let written = review::write(life.app, &keyed, write, &[])?.review;
        picture(life, who, &written, nth)?;
        help(life, who, &written.handle)?;
        let answers = if nth < 2 { 900 } else { 260 };
        if too_much || life.said.luck.chance(answers) {
            let wait = life.said.luck.wait(Span::hours(2), Span::hours(40));
            let at = awake(&life.said.luck, life.now().plus(wait));
            let review = written.id;
            life.agenda.add(at, Next::Answer { review, stars, too_much });
        }
        if nth >= 3 && life.said.luck.chance(110) {
            let wait = life.said.luck.wait(Span::days(3), Span::days(12));
            life.later(wait, Next::FollowUp { who, review: written.id });
        }
    }
    Ok(())
}

/// A picture of the goods, for a few.
fn picture(life: &mut Life, who: Who, review: &ReviewView, nth: usize) -> Result<(), Failure> {
    if nth < 3 || life.said.pictured >= PICTURED || !life.said.luck.chance(120) {
        return Ok(());
    }
    let Some((_, bytes)) = content::file(&format!("previews/{}.png", review.handle)) else {
        return Ok(());
    };
    life.said.pictured += 1;
    let visitor = signed_in(life, who)?;
    review::add_picture(life.app, &visitor, review.id, bytes).map(drop)
}

/// Whoever writes has read what others wrote.
fn help(life: &mut Life, who: Who, handle: &str) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    let look = Look { limit: 4, ..Look::default() };
    let read = product_page::reviews(life.app, &visitor, handle, &look)?;
    for review in read.items {
        if life.said.luck.chance(240) && !review.text.is_empty() {
            match review::vote(life.app, &visitor, review.id, Vote { helpful: true }) {
                // Their own.
                Err(Failure::Refused(_)) => continue,
                done => drop(done?),
            }
        }
    }
    Ok(())
}

/// Mo answers; what shows a private number is hidden.
pub fn answer(
    life: &mut Life,
    review: Id<Review>,
    stars: i64,
    too_much: bool,
) -> Result<(), Failure> {
    let mo = life.staff.mo.clone();
    if too_much {
        let reason = "写出了员工的私人手机号".to_string();
        let hide = Hide { ground: Ground::Private, reason };
        return desk::hide(life.app, &mo, review, &hide).map(drop);
    }
    let words = if stars <= 2 { &SORRY } else { &THANKS };
    let text = life.said.luck.pick(words).to_string();
    desk::answer(life.app, &mo, review, &Answer { text }).map(drop)
}

/// Its author adds something after a while.
pub fn follow_up(life: &mut Life, who: Who, review: Id<Review>) -> Result<(), Failure> {
    let visitor = signed_in(life, who)?;
    let text = life.said.luck.pick(&LATER).to_string();
    review::follow_up(life.app, &visitor, review, &FollowUp { text }).map(drop)
}
