import { BlockList, isIP } from "node:net";

/** Everything that is not somebody's place on the public internet: this host, private networks, those of a link or a provider,
 *  documentation, benchmarks, multicast and what is reserved. */
const refused4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Of the unicast space that is given out (2000::/3): special purposes with Teredo, documentation, and 6to4, which holds an IPv4. */
const refused6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const blocked4 = new BlockList();
for (const [net, prefix] of refused4) blocked4.addSubnet(net, prefix, "ipv4");
const blocked6 = new BlockList();
for (const [net, prefix] of refused6) blocked6.addSubnet(net, prefix, "ipv6");
const given6 = new BlockList();
given6.addSubnet("2000::", 3, "ipv6");
const mapped = new BlockList();
mapped.addSubnet("::ffff:0:0", 96, "ipv6");
/** NAT64: the last 32 bits are the IPv4 that is meant. */
const translated = new BlockList();
translated.addSubnet("64:ff9b::", 96, "ipv6");

/** Whether a server must not be made to call this address. What is no address is refused too. */
export function isRefusedAddress(address: string): boolean {
  switch (isIP(address)) {
    case 4:
      return blocked4.check(address, "ipv4");
    case 6:
      return isRefused6(address);
    default:
      return true;
  }
}

function isRefused6(address: string): boolean {
  // A zone names an interface of this machine.
  if (address.includes("%")) return true;
  if (mapped.check(address, "ipv6") || translated.check(address, "ipv6")) {
    const inner = lastIpv4(address);
    return inner === null || blocked4.check(inner, "ipv4");
  }
  return !given6.check(address, "ipv6") || blocked6.check(address, "ipv6");
}

/** The IPv4 in the last 32 bits, by the one spelling that URL gives an IPv6 address. */
function lastIpv4(address: string): string | null {
  const { hostname } = new URL(`http://[${address}]/`);
  const groups = hostname.slice(1, -1).split(":");
  const [high, low] = groups.slice(-2).map((group) => Number.parseInt(group || "0", 16));
  if (high === undefined || low === undefined) return null;
  return [high >> 8, high & 255, low >> 8, low & 255].join(".");
}
