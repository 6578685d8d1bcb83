import { z } from 'zod';
import { parseIpAddress, parseIpRange } from '../../core/x509/ip-address.ts';
import { isLdhName, maximumDnsNameLength } from '../../core/lint/dns-name.ts';
import { durationSchema, durationSeconds } from '../../core/profile/duration.ts';
import { isCoded } from '../../core/ports/coded-error.ts';

/** A duration that starts anywhere and has these bounds, in seconds. */
export function durationBetween(minimum: number, maximum: number): z.ZodType<string, string> {
  return durationSchema.refine(
    (text) => durationSeconds(text) >= minimum && durationSeconds(text) <= maximum,
    `not between ${minimum} and ${maximum} seconds`,
  );
}

export const portSchema = z.int().min(1).max(65_535);

export const cidrSchema = z
  .string()
  .refine((text) => {
    try {
      return parseIpRange(text).length > 0;
    } catch (error) {
      if (isCoded(error)) return false;
      throw error;
    }
  }, 'not a network with its host bits zero: write 192.0.2.0/24 or 2001:db8::/32')
  .meta({ description: 'A network, such as 10.0.0.0/8 or fd00::/8' });

export const addressSchema = z
  .string()
  .refine((text) => parseIpAddress(text) !== undefined, 'not an IP address')
  .meta({ description: 'An IPv4 or IPv6 address' });

export const dnsNameSchema = z
  .string()
  .max(maximumDnsNameLength)
  .refine(isLdhName, 'not a DNS name in lower case, without a dot at either end')
  .meta({ description: 'A DNS name in lower case, A-labels for anything that is not ASCII' });

/** `192.0.2.1:53`, `[2001:db8::1]:53`, or an address alone for port 53. */
export const serverSchema = z
  .string()
  .refine((text) => {
    const parts = /^(?:\[([0-9a-fA-F:.]+)\]|([0-9.]+))(?::([0-9]{1,5}))?$/u.exec(text);
    const address = parts?.[1] ?? parts?.[2];
    const port = Number(parts?.[3] ?? 53);
    return address !== undefined && parseIpAddress(address) !== undefined && port >= 1 && port <= 65_535;
  }, 'not a name server: write 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53')
  .meta({ description: 'A name server: 192.0.2.1, 192.0.2.1:53 or [2001:db8::1]:53' });

/** Where a server listens. */
export const listenSchema = z.strictObject({ host: z.string().min(1).max(253), port: portSchema });

const loopbackHosts = ['127.0.0.1', '::1', 'localhost'] as const;
/** The same, to be extended: zod cannot extend what is refined. */
export const loopbackListen = z.strictObject({ host: z.enum(loopbackHosts), port: portSchema });
/** Where something listens that nobody but this machine may reach. */
export const loopbackSchema = listenSchema.refine(
  ({ host }) => (loopbackHosts as readonly string[]).includes(host),
  `must be on this machine alone: ${loopbackHosts.join(', ')}`,
);

/** Every ACME URL begins with this. No query, no fragment, no final slash: what follows is appended as it stands. */
export const baseUrlSchema = z
  .string()
  .max(300)
  .refine((text) => {
    try {
      const url = new URL(text);
      const plain = url.username === '' && url.password === '' && url.search === '' && url.hash === '';
      return (
        url.protocol === 'https:' && plain && !text.endsWith('/') && `${url.origin}${url.pathname}`.startsWith(text)
      );
    } catch {
      return false;
    }
  }, 'not an https URL in its normal form without a final "/", such as https://acme.example.com');

export const fileSchema = z
  .string()
  .min(1)
  .max(4096)
  .meta({ description: 'A path; relative ones begin at the folder of this file' });
