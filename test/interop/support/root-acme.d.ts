// What our tests use of a package that brings no types.
declare module '@root/acme' {
  export interface Presented {
    readonly challenge: {
      readonly type: string;
      readonly hostname: string;
      readonly token: string;
      readonly keyAuthorization: string;
      readonly keyAuthorizationDigest?: string;
      readonly dnsHost?: string;
    };
  }

  export interface Presenter {
    readonly propagationDelay?: number;
    zones?(): Promise<string[]>;
    set(presented: Presented): Promise<unknown>;
    get(presented: Presented): Promise<unknown>;
    remove(presented: Presented): Promise<unknown>;
  }

  export type Request = (options: { readonly url: string }) => Promise<unknown>;

  export interface Client {
    init(directoryUrl: string): Promise<unknown>;
    readonly accounts: { create(options: object): Promise<object> };
    readonly certificates: {
      create(options: {
        readonly account: object;
        readonly accountKey: object;
        readonly csr: string;
        readonly domains: readonly string[];
        readonly challenges: Readonly<Record<string, Presenter>>;
      }): Promise<{ readonly cert: string; readonly chain: string }>;
    };
  }

  export function create(options: object): Client;
}

declare module '@root/acme/lib/node/http.js' {
  import type { Request } from '@root/acme';

  export const request: Request;
}
