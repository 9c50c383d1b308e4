-- Puts staged lines in the place of a month. Net costs add up only where every line tells one.
insert into cost_export_day (account_id, month, item_no, day, usage_amount, unblended, net_unblended)
select item.account_id, $2, item.item_no, staged.day, sum(staged.usage_amount), sum(staged.unblended),
       case when count(staged.net_unblended) = count(*) then sum(staged.net_unblended) end
from cost_export_stage staged join cost_export_item item using (account_id, digest)
where staged.step_id = $1
group by item.account_id, item.item_no, staged.day
