import { describe, expect, test } from "vitest";
import { Failure } from "../../src/lib/failure.ts";
import { expiryOf, parseUri, withoutQuery } from "../../src/stores/uri.ts";

const STORE = "https://acc1.blob.core.windows.net";

test.each([
  ["https://example.com/a.pdf", { store: "https", presigned: false }],
  ["HTTPS://example.com/a.pdf", { store: "https", presigned: false }],
  ["http://example.com/a.pdf", { store: "https", presigned: false }],
  ["https://b.s3.amazonaws.com/k?X-Amz-Signature=a", { store: "https", presigned: true }],
  ["https://storage.googleapis.com/b/k?X-Goog-Signature=a", { store: "https", presigned: true }],
  ["https://d1.cloudfront.net/k?Expires=1&Signature=a&Key-Pair-Id=b", { store: "https", presigned: true }],
  [`${STORE}/c/b.pdf?se=2027-01-01&sig=abc`, { store: "https", presigned: true }],
  [`${STORE}/c/dir/a%20b.pdf`, { store: "azure", account: "acc1", container: "c", blob: "dir/a b.pdf" }],
  [`${STORE}/c/b.pdf?snapshot=x`, { store: "azure", account: "acc1", container: "c", blob: "b.pdf" }],
  ["https://acc1.blob.core.usgovcloudapi.net/c/b", { store: "azure", account: "acc1", container: "c", blob: "b" }],
  ["https://evil.com/acc1.blob.core.windows.net/c/b", { store: "https", presigned: false }],
  ["https://blob.core.windows.net.evil.com/c/b", { store: "https", presigned: false }],
  ["s3://bucket/dir/a b?#.pdf", { store: "s3", bucket: "bucket", key: "dir/a b?#.pdf" }],
  ["S3://bucket/k", { store: "s3", bucket: "bucket", key: "k" }],
  ["gs://my_bucket/k", { store: "gs", bucket: "my_bucket", key: "k" }],
])("%s", (text, expected) => expect(parseUri(text)).toMatchObject(expected));

test.each([
  ["paper.pdf", "not an address"],
  ["", "not an address"],
  ["ftp://example.com/a", "ftp: can't be read"],
  ["file:///a", "file: can't be read"],
  ["azure://acc/c/b", "azure: can't be read"],
  ["s3://bucket", "needs a bucket and a key"],
  ["s3://bucket/", "needs a bucket and a key"],
  ["s3://bucket/a/../b", "segment . or .."],
  [`${STORE}/`, "needs a container and a blob"],
  [`${STORE}/c`, "needs a container and a blob"],
  [`https://example.com/${"a".repeat(2_048)}`, "more than 2048 characters"],
])("%s is refused", (text, sentence) => {
  expect(() => parseUri(text)).toThrow(Failure);
  expect(() => parseUri(text)).toThrow(sentence);
});

describe("when a presigned address ends", () => {
  test.each([
    ["X-Amz-Date=20260102T030405Z&X-Amz-Expires=60", Date.UTC(2026, 0, 2, 3, 5, 5)],
    ["x-goog-date=20260102T030405Z&x-goog-expires=3600", Date.UTC(2026, 0, 2, 4, 4, 5)],
    ["se=2026-01-02T03:04:05Z&sig=a", Date.UTC(2026, 0, 2, 3, 4, 5)],
    ["se=2026-01-02&sig=a", Date.UTC(2026, 0, 2)],
    ["AWSAccessKeyId=a&Expires=1767322800&Signature=b", 1_767_322_800_000],
    ["sig=a", null],
    ["se=never&sig=a", null],
    ["X-Amz-Date=yesterday&X-Amz-Expires=60", null],
    ["Expires=soon", null],
    ["", null],
  ])("%s", (query, time) => expect(expiryOf(new URL(`https://example.com/?${query}`))).toBe(time));
});

test.each([
  ["https://example.com/a.pdf?sig=SECRET", "https://example.com/a.pdf"],
  ["https://example.com/a.pdf#x?y", "https://example.com/a.pdf"],
  ["https://user:SECRET@example.com/a@b", "https://example.com/a@b"],
  ["s3://bucket/key", "s3://bucket/key"],
  ["no address?SECRET", "no address"],
])("%s without its query", (text, bare) => expect(withoutQuery(text)).toBe(bare));
