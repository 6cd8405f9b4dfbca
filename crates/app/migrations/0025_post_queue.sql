-- Whoever writes letters looks for work after every commit, and mostly there is none: without this
-- each look reads every job that waits for its day.
create index jobs_post_due on jobs (run_at)
    where state = 'ready' and kind in ('letter.write', 'letter.send', 'message.send');
