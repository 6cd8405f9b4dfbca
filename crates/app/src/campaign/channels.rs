//! Where sharing is rewarded and where it is not, as it was at each moment: what is done within an
//! app that rewards none brings nothing (RULES CN-PRO-17), and the audit can tell.

use domain::campaign::{Campaign, Channel};
use domain::id::Id;
use domain::person::Person;

use crate::db::Tx;
use crate::failure::Failure;

/// Somebody's deed within an app counts.
pub(super) fn helped(
    tx: &mut Tx,
    id: Id<Campaign>,
    channel: Channel,
    person: Id<Person>,
) -> Result<(), Failure> {
    tx.run(
        "insert into campaign_channel_helps (campaign_id, channel, person_id, at)
         values ($1, $2, $3, $4)
         on conflict (campaign_id, channel, person_id) do update set at = excluded.at",
        &[id.into(), channel.code().into(), person.into(), tx.now.into()],
    )?;
    Ok(())
}

/// A campaign is launched: what it does not reward it does not from now on.
pub(super) fn launched(tx: &mut Tx, campaign: &Campaign) -> Result<(), Failure> {
    // It may have been launched before, and recalled.
    let sql = "delete from campaign_silences where campaign_id = $1";
    tx.run(sql, &[campaign.id.into()])?;
    changed(tx, campaign)
}

/// A campaign that runs was changed: whatever was switched off is so from now on.
pub(super) fn changed(tx: &mut Tx, campaign: &Campaign) -> Result<(), Failure> {
    for channel in Channel::ALL {
        if campaign.may_reward_in(Some(*channel)).is_ok() {
            continue;
        }
        // Who helps at this very moment may have read the campaign as it was.
        tx.run(
            "insert into campaign_silences (campaign_id, channel, since)
             select cast($1 as bigint), cast($2 as text),
               coalesce((select max(h.at) from campaign_channel_helps h
                 where h.campaign_id = $1 and h.channel = $2 and h.at >= $3), $3)
             on conflict (campaign_id, channel) do nothing",
            &[campaign.id.into(), channel.code().into(), tx.now.into()],
        )?;
    }
    Ok(())
}
