import type { Config } from './config.ts';

/** What a configuration means, for people: `check-config` prints it. Nothing secret is in it. */
export function summarise(config: Config): string {
  const { admin, behindProxy, listen, baseUrl, hierarchy, mode, directories, tls, publish, metrics, ocsp } = config;
  const lines = [
    `${mode} issuer of hierarchy ${hierarchy}`,
    `root ${config.rootFingerprint}`,
    `listens on ${listen.host} port ${listen.port}, reached as ${baseUrl}`,
    ...(publish === undefined
      ? []
      : [`CRLs and CA certificates over plain HTTP on ${publish.host} port ${publish.port}`]),
    ...(ocsp === undefined ? [] : [`OCSP at /ocsp/ISSUER, answers for ${ocsp.lifetime}`]),
    ...(behindProxy === undefined ? [] : [`plain HTTP for a proxy on ${behindProxy.host} port ${behindProxy.port}`]),
    admin === undefined
      ? 'no admin API: the commands for operators have nobody to ask'
      : `admin API on ${admin.host} port ${admin.port}, by ${'tokenFile' in admin ? 'token' : 'certificate'}`,
    ...(metrics === undefined ? [] : [`metrics on ${metrics.host} port ${metrics.port}`]),
    `own TLS certificate for ${tls.names.join(', ')} from ${tls.issuer}`,
    ...Object.entries(directories).map(([name, { issuer, challenges, lifetime, allow }]) => {
      const names = [...allow.dns, ...allow.ip].join(', ');
      const wildcards = allow.wildcards ? ', wildcards too' : '';
      return (
        `directory ${baseUrl}/acme/${name}/directory: from ${issuer}, by ${challenges.join(' and ')}, ` +
        `for ${lifetime.default} (at most ${lifetime.max}), names under ${names}${wildcards}`
      );
    }),
  ];
  return `${lines.join('\n')}\n`;
}
