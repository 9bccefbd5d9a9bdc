import { describe, expect, test } from "vitest";
import { Failure } from "../../src/lib/failure.ts";
import { publicUrl } from "../../src/stores/public-address.ts";

function refusal(address: string, allowLocal = false, from?: URL): string | null {
  try {
    publicUrl(address, { allowLocal }, from);
    return null;
  } catch (error) {
    expect(error).toBeInstanceOf(Failure);
    expect((error as Failure).code).toBe("source_address_refused");
    return (error as Failure).message;
  }
}

describe("addresses on the public internet", () => {
  test.each([
    "https://example.com/a.pdf",
    "https://EXAMPLE.com:443/a.pdf?x=1#y",
    "https://example.com:80/",
    "https://sub.domain.example.co.uk/a b.pdf",
    "https://xn--bcher-kva.example.com/",
    "https://bücher.com/",
    "https://account.blob.core.windows.net/c/b.pdf?sig=x",
    "https://bucket.s3.eu-central-1.amazonaws.com/k?X-Amz-Signature=x",
    "https://1.example.com/",
    "https://127.0.0.1.com/",
    "https://localhost.com/",
    "https://internal.example.com/",
    "https://10.com/",
  ])("%s", (address) => expect(refusal(address)).toBeNull());
});

/** Every way to write this machine's address; the second column says which. */
const THIS_MACHINE = [
  ["https://localhost/", "loopback by name"],
  ["https://LOCALHOST/", "upper case"],
  ["https://ⓛⓞⓒⓐⓛⓗⓞⓢⓣ/", "circled letters"],
  ["https://loc%61lhost/", "percent-encoded"],
  ["https://127.0.0.1/", "loopback"],
  ["https://127.0.0.1./", "loopback, trailing dot"],
  ["https://127.255.255.254/", "end of loopback"],
  ["https://127.1/", "short"],
  ["https://127.0.1/", "three parts"],
  ["https://2130706433/", "decimal"],
  ["https://0x7f000001/", "hex"],
  ["https://0x7f.1/", "hex, short"],
  ["https://0X7F.0.0.0x1/", "hex in parts"],
  ["https://0177.0.0.1/", "octal"],
  ["https://017700000001/", "octal, whole"],
  ["https://00000177.0.0.1/", "octal with zeros"],
  ["https://①②⑦.⓪.⓪.①/", "circled digits"],
  ["https://１２７.０.０.１/", "full-width digits"],
  ["https://127。0。0。1/", "ideographic full stops"],
  ["https://127%2e0%2e0%2e1/", "percent-encoded dots"],
  ["https://%31%32%37.0.0.1/", "percent-encoded digits"],
  ["https://[::1]/", "loopback, v6"],
  ["https://[0:0:0:0:0:0:0:1]/", "loopback, v6, long"],
  ["https://[0000:0000:0000:0000:0000:0000:0000:0001]/", "loopback, v6, with zeros"],
] as const;

/** And every other address that is not ours to visit. */
const ELSEWHERE = [
  ["https://localhost./", "trailing dot"],
  ["https://a.localhost/", "below localhost"],
  ["https://localhost.localdomain/", "localdomain"],
  ["https://0.0.0.0/", "this host"],
  ["https://0/", "this host, short"],
  ["https://10.0.0.1/", "private"],
  ["https://10.1/", "private, short"],
  ["https://167772161/", "private, decimal"],
  ["https://012.0.0.1/", "private, octal"],
  ["https://172.16.0.1/", "private"],
  ["https://172.31.255.255/", "private, end"],
  ["https://0xac.0x10.0.1/", "private, hex"],
  ["https://192.168.1.1/", "private"],
  ["https://0xc0a80101/", "private, hex"],
  ["https://169.254.169.254/", "metadata"],
  ["https://2852039166/", "metadata, decimal"],
  ["https://0xa9fea9fe/", "metadata, hex"],
  ["https://0251.0376.0251.0376/", "metadata, octal"],
  ["https://169.254.170.2/", "container credentials"],
  ["https://100.100.100.200/", "metadata in the carrier range"],
  ["https://100.64.0.1/", "carrier-grade NAT"],
  ["https://192.0.0.192/", "metadata, protocol assignments"],
  ["https://198.18.0.1/", "benchmarking"],
  ["https://192.0.2.1/", "documentation"],
  ["https://224.0.0.1/", "multicast"],
  ["https://240.0.0.1/", "reserved"],
  ["https://255.255.255.255/", "broadcast"],
  ["https://8.8.8.8/", "public, still a bare address"],
  ["https://[::]/", "unspecified, v6"],
  ["https://[::ffff:127.0.0.1]/", "mapped"],
  ["https://[::ffff:7f00:1]/", "mapped, hex"],
  ["https://[0:0:0:0:0:ffff:a9fe:a9fe]/", "mapped metadata"],
  ["https://[::127.0.0.1]/", "compatible"],
  ["https://[::ffff:0:127.0.0.1]/", "translated"],
  ["https://[64:ff9b::7f00:1]/", "NAT64"],
  ["https://[64:ff9b::169.254.169.254]/", "NAT64, metadata"],
  ["https://[64:ff9b:1::a00:1]/", "local NAT64"],
  ["https://[2002:7f00:1::]/", "6to4, loopback"],
  ["https://[2002:a9fe:a9fe::1]/", "6to4, metadata"],
  ["https://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/", "Teredo"],
  ["https://[fe80::1]/", "link-local"],
  ["https://[fc00::1]/", "unique local"],
  ["https://[fd00:ec2::254]/", "metadata, v6"],
  ["https://[fec0::1]/", "site-local"],
  ["https://[ff02::1]/", "multicast, v6"],
  ["https://[2606:4700:4700::1111]/", "public, v6, still a bare address"],
  ["https://intranet/", "one label"],
  ["https://example.com./", "trailing dot"],
  ["https://printer.local/", "mDNS"],
  ["https://PRINTER.LOCAL/", "mDNS, upper case"],
  ["https://metadata.google.internal/", "metadata by name"],
  ["https://router.home.arpa/", "home network"],
  ["https://1.0.0.127.in-addr.arpa/", "reverse tree"],
  ["https://nas.lan/", "router's own"],
  ["https://hidden.onion/", "onion"],
  ["https://a.test/", "reserved"],
  ["https://a.invalid/", "reserved"],
  ["https://a..b.com/", "an empty label"],
  ["https://.example.com/", "an empty label in front"],
  ["https://user@example.com/", "user"],
  ["https://user:password@example.com/", "password"],
  ["https://example.com@127.0.0.1/", "host as user"],
  ["https://example.com:8443/", "port"],
  ["https://example.com:22/", "port of another service"],
  ["ftp://example.com/", "another scheme"],
  ["file:///etc/passwd", "a file"],
  ["data:application/pdf;base64,AA==", "data"],
  ["javascript:1", "code"],
  ["//example.com/a", "no scheme"],
  ["/a.pdf", "a path"],
  ["https://", "no host"],
  ["https:///a", "a path as host"],
  ["https://exa mple.com/", "a blank in the host"],
  ["https://256.1.1.1/", "no valid number"],
  ["https://[::1/", "an open bracket"],
  ["", "nothing"],
  [`https://example.com/${"a".repeat(2_029)}`, "2,049 characters"],
] as const;

const PLAIN_HTTP = ["http://example.com/", "plain http"] as const;
const REFUSED = [...THIS_MACHINE, ...ELSEWHERE, PLAIN_HTTP];

describe("refused, whatever the spelling", () => {
  test.each(REFUSED)("%s (%s)", (address) => {
    expect(refusal(address)).not.toBeNull();
  });

  test("2,048 characters are taken", () => expect(refusal(`https://example.com/${"a".repeat(2_028)}`)).toBeNull());

  test("a sentence says what to do and quotes neither path nor query", () => {
    const message = refusal("https://10.0.0.1/private/path?sig=SECRET");
    expect(message).toBe("The address was refused: the host 10.0.0.1 is an IP address; give a host name.");
  });
});

describe("with local sources allowed", () => {
  const local = [
    "http://localhost:8080/a.pdf",
    "https://localhost/",
    "http://127.0.0.1:9000/",
    "http://127.0.0.2/",
    "http://2130706433:81/",
    "http://[::1]:9000/",
    "http://example.com/",
    "https://example.com/",
  ];
  test.each(local)("%s is fine", (address) => expect(refusal(address, true)).toBeNull());

  test.each(THIS_MACHINE)("%s (%s) is fine", (address) => expect(refusal(address, true)).toBeNull());
  test.each(ELSEWHERE)("%s (%s) is still refused", (address) => expect(refusal(address, true)).not.toBeNull());

  test.each([
    "http://example.com:8080/",
    "http://user@localhost/",
    "http://a.localhost/",
    "http://localhost./",
    "http://[::ffff:127.0.0.1]/",
    "ftp://localhost/",
  ])("%s is still refused", (address) => expect(refusal(address, true)).not.toBeNull());
});

describe("redirects", () => {
  const from = new URL("https://example.com/dir/a.pdf?x=1");
  test("are resolved against where they come from", () => {
    expect(publicUrl("../b.pdf", { allowLocal: false }, from).href).toBe("https://example.com/b.pdf");
    expect(publicUrl("//other.org/b", { allowLocal: false }, from).href).toBe("https://other.org/b");
  });
  test("are judged like any other address", () => {
    for (const [address] of REFUSED.filter(([address]) => /^https?:\/\/\S+$/.test(address) && URL.canParse(address))) {
      expect(refusal(address, false, from), address).not.toBeNull();
    }
  });
  test("never lead from https to plain http, even where http is allowed", () => {
    expect(refusal("http://example.com/", true, from)).toContain("from https to plain http");
    expect(refusal("http://localhost/", true, from)).toContain("from https to plain http");
    expect(refusal("https://example.com/", true, new URL("http://example.com/"))).toBeNull();
  });
});
