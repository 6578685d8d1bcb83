import type { SecondOpinions } from '../../ports/second-opinion.ts';
import { opensslReading, opensslVersion } from './openssl.ts';
import { peculiarReading } from './peculiar.ts';

/** Everyone else on this machine who can read X.509: @peculiar/x509 always, OpenSSL where it is installed. */
export function secondOpinions(): SecondOpinions {
  let version: Promise<string | undefined> | undefined;
  return async (artefact) => {
    version ??= opensslVersion();
    const openssl = await version;
    const readings = [await peculiarReading(artefact)];
    if (openssl !== undefined) readings.push(await opensslReading(openssl, artefact));
    return readings;
  };
}
