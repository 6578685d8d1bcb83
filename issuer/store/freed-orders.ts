import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';

export const freed = `freed AS (
      UPDATE orders SET status = CASE WHEN expires_at > $2::timestamptz
        THEN ${ending(orderSteps.release)} ELSE ${ending(orderSteps.refuse)} END
      FROM gone WHERE id = gone.order_id AND status ${beginning(orderSteps.release)})`;
