import type { ClientRecord } from '../support/features.ts';
import { acmeClient } from './acme-client.ts';
import { acmeTiny } from './acme-tiny.ts';
import { caddy } from './caddy.ts';
import { certbot } from './certbot.ts';
import { dehydrated } from './dehydrated.ts';
import { lego } from './lego.ts';
import { modMd } from './mod-md.ts';
import { rootAcme } from './root-acme.ts';
import { uacme } from './uacme.ts';

/** Every client that is tested, in the order of docs/clients.md. */
export const clients: readonly ClientRecord[] = [
  certbot,
  lego,
  dehydrated,
  uacme,
  acmeTiny,
  caddy,
  modMd,
  acmeClient,
  rootAcme,
];
