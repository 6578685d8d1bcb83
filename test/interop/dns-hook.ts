#!/usr/bin/env node
// What certbot and lego call to change the test's DNS: `dns-hook.ts present|cleanup [NAME VALUE]`, over HTTP to the test.
const [action = '', name = process.env['CERTBOT_DOMAIN'], value = process.env['CERTBOT_VALIDATION']] =
  process.argv.slice(2);
if (action === 'present' || action === 'cleanup') {
  const response = await fetch(process.env['COLDROOT_TEST_DNS'] ?? '', {
    method: 'POST',
    body: JSON.stringify({ action, name, value }),
  });
  if (!response.ok) process.exitCode = 1;
}
