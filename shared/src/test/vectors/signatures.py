"""AWS Signature Version 4: published examples of Amazon, and URLs of ours."""

import hashlib
import hmac

from protocol import write

KINDS = ["aws-signature"]
EMPTY = hashlib.sha256(b"").hexdigest()
UNSIGNED = "UNSIGNED-PAYLOAD"

# The signing test suite of AWS, and "Examples: Signature Calculations" of the Amazon S3 API reference.
SUITE = dict(secret="wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", stamp="20150830T123600Z", region="us-east-1", service="service")
S3 = dict(secret="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", stamp="20130524T000000Z", region="us-east-1", service="s3")
SUITE_HEADERS = ["host:example.amazonaws.com", "x-amz-date:20150830T123600Z"]
HOST = "host:examplebucket.s3.amazonaws.com"
DATE = "x-amz-date:20130524T000000Z"
WELCOME = hashlib.sha256(b"Welcome to Amazon S3.").hexdigest()
FORM = hashlib.sha256(b"Param1=value1").hexdigest()
PRESIGNED = (
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20130524%2Fus-east-1%2Fs3%2Faws4_request"
    "&X-Amz-Date=20130524T000000Z&X-Amz-Expires=86400&X-Amz-SignedHeaders=host"
)

PUBLISHED = [
    ("get-vanilla", SUITE, "GET", "/", "", SUITE_HEADERS, EMPTY,
     "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
    ("get-vanilla-query-order-key-case", SUITE, "GET", "/", "Param1=value1&Param2=value2", SUITE_HEADERS, EMPTY,
     "b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500"),
    ("get-vanilla-empty-query-key", SUITE, "GET", "/", "Param1=value1", SUITE_HEADERS, EMPTY,
     "a67d582fa61cc504c4bae71f336f98b97f1ea3c7a6bfe1b6e45aec72011b9aeb"),
    ("get-vanilla-utf8-query", SUITE, "GET", "/", "%E1%88%B4=bar", SUITE_HEADERS, EMPTY,
     "2cdec8eed098649ff3a119c94853b13c643bcf08f8b0a1d91e12c9027818dd04"),
    ("get-utf8", SUITE, "GET", "/%E1%88%B4", "", SUITE_HEADERS, EMPTY,
     "8318018e0b0f223aa2bbf98705b62bb787dc9c0e678f255a891fd03141be5d85"),
    ("post-vanilla", SUITE, "POST", "/", "", SUITE_HEADERS, EMPTY,
     "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
    ("post-x-www-form-urlencoded", SUITE, "POST", "/", "", ["content-type:application/x-www-form-urlencoded"] + SUITE_HEADERS,
     FORM, "ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a"),
    ("s3-get-object", S3, "GET", "/test.txt", "", [HOST, "range:bytes=0-9", "x-amz-content-sha256:" + EMPTY, DATE], EMPTY,
     "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41"),
    ("s3-put-object", S3, "PUT", "/test%24file.text", "",
     ["date:Fri, 24 May 2013 00:00:00 GMT", HOST, "x-amz-content-sha256:" + WELCOME, DATE,
      "x-amz-storage-class:REDUCED_REDUNDANCY"], WELCOME,
     "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd"),
    ("s3-get-lifecycle", S3, "GET", "/", "lifecycle=", [HOST, "x-amz-content-sha256:" + EMPTY, DATE], EMPTY,
     "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543"),
    ("s3-list", S3, "GET", "/", "max-keys=2&prefix=J", [HOST, "x-amz-content-sha256:" + EMPTY, DATE], EMPTY,
     "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7"),
    ("s3-presigned", S3, "GET", "/test.txt", PRESIGNED, [HOST], UNSIGNED,
     "aeeed9bbccd4d02ee5c0109b86d86835f995330da4c265957d157751f604d404"),
]


def sign(method, path, query, headers, payload, secret, stamp, region, service):
    names = ";".join(header.split(":")[0] for header in headers)
    canonical = "\n".join([method, path, query] + headers + ["", names, payload])
    scope = "/".join([stamp[:8], region, service, "aws4_request"])
    to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + secret).encode()
    for part in (stamp[:8], region, service, "aws4_request"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    return hmac.new(key, to_sign.encode(), hashlib.sha256).hexdigest()


def make(target):
    for name, scope, method, path, query, headers, payload, expected in PUBLISHED:
        if sign(method, path, query, headers, payload, **scope) != expected:
            raise ValueError("this is not what Amazon signed: " + name)
        write(target, "aws-signature", "public-" + name, "as published by Amazon", "accept", method=method, path=path,
              query=query, header=headers, payload=payload, signature=expected, **scope)
