//! The shell itself on both engines: what commits, what does not, what is refused.

use app::failure::Failure;

use crate::support::both_engines;

#[test]
fn a_refusal_leaves_nothing_behind() {
    both_engines(|shop| {
        let refused: Result<(), Failure> = shop.app.write(|tx| {
            tx.run("insert into tries (bucket, window_start, count) values ('test', 0, 1)", &[])?;
            Err(Failure::refused("order.not_now"))
        });
        assert_eq!(refused.unwrap_err().code(), "order.not_now");
        let left: i64 = shop
            .app
            .read(|tx| {
                tx.one("select count(*) from tries where bucket = 'test'", &[], |row| row.get(0))
            })
            .unwrap();
        assert_eq!(left, 0);
    });
}
