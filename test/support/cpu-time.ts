/** Milliseconds that this thread has computed: how much work something is, however busy others keep the machine. */
export function cpuMilliseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}
