import { orderSteps } from '../acme/state/order.ts';
import { beginning, ending } from '../acme/state/transition.ts';

/** Orders whose certificate is given up in `gone`: ready again, unless they have expired or rest on nothing any more. */
export const freed = `freed AS (
      UPDATE orders SET status = CASE WHEN expires_at > $2::timestamptz
        AND NOT EXISTS (SELECT FROM order_authorizations oa JOIN authorizations a ON a.id = oa.authorization_id
          WHERE oa.order_id = orders.id AND a.status <> 'valid')
        THEN ${ending(orderSteps.release)} ELSE ${ending(orderSteps.refuse)} END
      FROM gone WHERE id = gone.order_id AND status ${beginning(orderSteps.release)})`;
