### Why a path or a session does not work. A reason without facts stands beside the path it is about.

## A path that cannot be dialled or answered

path-address-not-ours = The address { $address } does not belong to this machine. Correct the path in openline.toml, then start the node again.
path-address-wrong = The address { $address } cannot be read. Write it as host:port, for an IPv6 address as [host]:port.
path-broken-off = The connection with { $address } (path { $path }) breaks off before it is secure. A node calls again by itself. If it lasts, call the other side.
path-cannot-listen = The node cannot answer calls at { $address } ({ $detail }). Correct the path in openline.toml, then start the node again.
path-group-not-allowed = The node at { $address } (path { $path }) does not offer the key exchange that is required. Ask its technician to install the newest version.
path-handshake-failed = The secure connection with { $address } (path { $path }) fails ({ $detail }). A node calls again by itself. If it lasts, tell the technicians.
path-handshake-timed-out = The secure connection with { $address } (path { $path }) takes too long. A node calls again by itself. If it lasts, use another path.
path-key-missing = The caller at { $address } (path { $path }) shows no key. It is not let in. Do nothing if the line is proven.
path-key-unknown = The node at { $address } (path { $path }) shows a key that nobody here accepted ({ $pin }). It is not let in. Check the address and ask for the newest card.
path-name-unknown = The name in { $address } cannot be found. Check the address and the name service of this machine.
path-not-tls = The machine at { $address } (path { $path }) does not speak TLS. It is no node. Check the address and the port.
path-other-party = The node at { $address } (path { $path }) is { $party }, not { $wanted }. No session is opened. Check the address with { $wanted }.
path-port-not-allowed = This user may not open the port of { $address }. Choose a port above 1023 in openline.toml, then start the node again.
path-port-taken = The address { $address } is in use by another program. Stop that program or choose another port in openline.toml.
path-refused = Nobody answers at { $address } (path { $path }): the machine is up, its node is not. Call the other side by another way.
path-refused-us = The node at { $address } (path { $path }) does not accept our key. Ask the other side whether it has paired with our newest card.
path-timed-out = No answer comes from { $address } (path { $path }). The node tries again. If it lasts, use another path and tell the technician.
path-tls-too-old = The machine at { $address } (path { $path }) speaks only an old TLS. No session is opened. Its node must be renewed.
path-too-many-calls = Too many calls come from one address. New ones wait. Do nothing if the line is proven; else tell the technician.
path-unreachable = There is no way to { $address } (path { $path }): { $detail }. Check the cable and the network of this path.

## How a session ends

path-crowded = The path has too many sessions. The oldest is closed. Nothing needs to be done.
path-no-hello = The other node connects and says nothing. The session is closed and tried again. If it lasts, call the other side.
path-silent = Nothing is heard on this path for 90 seconds. The session is closed and tried again. Check the path.
peer-left = The other node has closed the session. It gives no known reason. The node tries again.
stopping = The node is stopped in good order. The line returns when it starts again.
session-backlog-full = The path takes no more data. The session is closed and tried again. If it lasts, use another path.
session-broken = The connection is cut. The node tries again. Nothing is lost.
session-bytes-wrong = Bytes on this path are not what TLS allows. The session is closed. If it lasts, use another path and tell the technician.
session-ended = The other node has ended the session. The node tries again.
session-ended-unheard = The other node ends the session before it says anything. It may not accept our key. Call the other side.
session-frame-too-large = The other node sends a frame of { $size } bytes; at most { $limit } are allowed. The session is closed. Tell the technicians.
session-replaced = The other node has opened a newer session in place of this one. Nothing needs to be done.
session-timed-out = What was sent on this path is not acknowledged for too long. The session is closed and tried again. Check the path.
peer-frame-wrong = A frame of the other node is wrong ({ $detail }). The session is closed and the bytes are kept. Tell the technicians of both sides.

## Two nodes that do not agree

hello-member-left = The party at the other end is not on this line any more. The session is closed. See openline line members.
hello-other-line = The other node calls for another line. The session is closed. Compare the name of the line with the other side.
hello-other-members = The other node names other members for this line. The session is closed. Compare the members with the other side.
hello-other-party = The other node names a party that is not the one of its key. The session is closed. Tell the supervisor.
hello-other-version = The other node has no version of the protocol in common with ours. The older of the two must be renewed.
