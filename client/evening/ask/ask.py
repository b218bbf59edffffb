"""Asks how a claim stands, tries to judge, and prints the answer in short as JSON.

python3 ask.py CLAIM, in the project's folder; the server and the key come from
SECONDSOURCE_ADDR and SECONDSOURCE_TOKEN_FILE. docs/clients/python.md explains it.
"""
import json, os, sys
import grpc
from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory

pool = descriptor_pool.DescriptorPool()
with open("proto/secondsource.binpb", "rb") as f:
    for file in descriptor_pb2.FileDescriptorSet.FromString(f.read()).file:
        pool.Add(file)

def message(descriptor):
    new = getattr(message_factory, "GetMessageClass", None)  # protobuf 4.22 and later
    return new(descriptor) if new else message_factory.MessageFactory(pool).GetPrototype(descriptor)

def call(channel, service, method, request):
    m = pool.FindServiceByName("secondsource.v1." + service).FindMethodByName(method)
    ask = channel.unary_unary(f"/secondsource.v1.{service}/{method}",
        request_serializer=lambda d: json_format.ParseDict(d, message(m.input_type)()).SerializeToString(),
        response_deserializer=message(m.output_type).FromString)
    with open(os.environ["SECONDSOURCE_TOKEN_FILE"]) as f:
        key = f.read().strip()
    return ask(request, timeout=30, metadata=[("authorization", "Bearer " + key)])

with grpc.insecure_channel(os.environ["SECONDSOURCE_ADDR"]) as channel:
    answer = call(channel, "CorroborationService", "Corroborate", {"claim_text": sys.argv[1]})
    a = json_format.MessageToDict(answer, preserving_proto_field_name=True)["corroboration"]
    claims = [e["claim"]["name"] for o in a["origins"] for e in o["evidence"]]
    try:
        call(channel, "EditorialService", "JoinOrigins", {"assertion": claims[0], "with": claims[-1], "reason": "to see whether a reader may"})
        refused = "nothing"
    except grpc.RpcError as e:
        refused = e.code().name

print(json.dumps({
    "verdict": a["verdict"],
    "supporting": [a.get("independent_origins_min", 0), a.get("independent_origins_max", 0)],
    "refuting": [a.get("refuting_origins_min", 0), a.get("refuting_origins_max", 0)],
    "origins": [{"name": o["display_name"], "stance": o["stance"], "evidence": [
        {"claim": e["claim"]["name"], "publisher": e["document"]["publisher"], "text": e["excerpt"]["text"]} for e in o["evidence"]]} for o in a["origins"]],
    "refused": refused,
}))
