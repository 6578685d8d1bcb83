// What orders, authorizations and challenges should become (RFC 8555 §7.1.6), in the simplest words there are: lists and
// loops, no SQL and none of the tables of issuer/acme/state. The database is held against it.

export interface ModelChallenge {
  readonly id: string;
  status: 'pending' | 'processing' | 'valid' | 'invalid';
}

export interface ModelAuthorization {
  readonly id: string;
  readonly name: string;
  status: 'pending' | 'valid' | 'invalid' | 'deactivated';
  expired: boolean;
  readonly challenges: readonly ModelChallenge[];
}

export interface ModelOrder {
  readonly id: string;
  status: 'pending' | 'ready' | 'processing' | 'valid' | 'invalid';
  expired: boolean;
  readonly authorizations: readonly ModelAuthorization[];
  /** Certificates that were written ahead for it, in order. */
  readonly certificates: { readonly serial: Uint8Array; status: 'intended' | 'issued' | 'abandoned' }[];
}

/** Everything that one account has. */
export class Model {
  readonly orders: ModelOrder[] = [];
  readonly authorizations: ModelAuthorization[] = [];

  /** Authorizations that do for a name in a new order. */
  reusable(name: string): readonly ModelAuthorization[] {
    return this.authorizations.filter((each) => each.name === name && each.status === 'valid' && !each.expired);
  }

  place(id: string, authorizations: readonly ModelAuthorization[]): ModelOrder {
    for (const each of authorizations) if (!this.authorizations.includes(each)) this.authorizations.push(each);
    const ready = authorizations.every(({ status }) => status === 'valid');
    const status = ready ? 'ready' : 'pending';
    const order: ModelOrder = { id, status, expired: false, authorizations, certificates: [] };
    this.orders.push(order);
    return order;
  }

  #resting(authorization: ModelAuthorization): readonly ModelOrder[] {
    return this.orders.filter(
      ({ authorizations, status }) =>
        authorizations.includes(authorization) && (status === 'pending' || status === 'ready'),
    );
  }

  canBegin(authorization: ModelAuthorization, challenge: ModelChallenge): boolean {
    return challenge.status === 'pending' && authorization.status === 'pending' && !authorization.expired;
  }

  begin(authorization: ModelAuthorization, challenge: ModelChallenge): void {
    if (this.canBegin(authorization, challenge)) challenge.status = 'processing';
  }

  succeed(authorization: ModelAuthorization, challenge: ModelChallenge): void {
    if (challenge.status !== 'processing') return;
    challenge.status = 'valid';
    if (authorization.status !== 'pending') return;
    authorization.status = 'valid';
    for (const order of this.#resting(authorization)) {
      if (order.authorizations.every(({ status }) => status === 'valid')) order.status = 'ready';
    }
  }

  fail(authorization: ModelAuthorization, challenge: ModelChallenge): void {
    if (challenge.status !== 'processing') return;
    challenge.status = 'invalid';
    if (authorization.status !== 'pending') return;
    authorization.status = 'invalid';
    for (const order of this.#resting(authorization)) order.status = 'invalid';
  }

  deactivate(authorization: ModelAuthorization): void {
    if (authorization.status !== 'pending' && authorization.status !== 'valid') return;
    authorization.status = 'deactivated';
    for (const order of this.#resting(authorization)) order.status = 'invalid';
  }

  canFinalize({ status, expired }: ModelOrder): boolean {
    return status === 'ready' && !expired;
  }

  finalize(order: ModelOrder, serial: Uint8Array): void {
    order.status = 'processing';
    order.certificates.push({ serial, status: 'intended' });
  }

  store(order: ModelOrder): void {
    const last = order.certificates.at(-1);
    if (last?.status !== 'intended') return;
    last.status = 'issued';
    order.status = 'valid';
  }

  /** The process died between the two: what was intended is given up, and the order may be finalized again if it still rests on anything. */
  crash(): void {
    for (const order of this.orders) {
      const last = order.certificates.at(-1);
      if (last?.status !== 'intended') continue;
      last.status = 'abandoned';
      const rests = order.authorizations.every(({ status }) => status === 'valid');
      order.status = rests && !order.expired ? 'ready' : 'invalid';
    }
  }
}
