### Why a browser or a phone has no sound. A reason without facts stands beside the leg it is about.

## A leg that cannot be made

leg-address-not-ours = Sound cannot be received at { $address }: it is no single address of this machine. Correct the addresses of voice in openline.toml, then start the node again.
leg-offer-wrong = What the browser offers for sound is not what the console asks for ({ $detail }). Load the page again. If it lasts, tell the technician.
legs-too-many = At most { $limit } browsers and phones can have sound at a time. This one has none. Close a console that nobody uses.

## How a leg ends

leg-consent-expired = The browser no longer answers the node. The console connects again. If it lasts, check the network of this desk.
leg-fingerprint-wrong = Somebody other than the browser of this session has tried to connect. No sound was passed. Tell the supervisor.
leg-handshake-failed = The browser and the node could not agree on a secure connection for sound. Load the page again. If it lasts, tell the technician.
leg-left = The browser has closed its sound: the page was left or loaded again. Open the console to hear the line.
leg-lost = The sound of this desk is lost. The console connects again and takes part in the same call. Use text until then.
leg-rang-for-stop = This desk phone rang for a STOP, and carries no sound of it. The STOP stands on the console: answer it there.
leg-replaced = The console has connected its sound anew. Nothing needs to be done.
leg-setup-timed-out = The browser does not reach the node for sound. Check that UDP from this desk to the node is not blocked. Use text until then.
leg-silent = Nothing has come from the browser for 6 seconds. The console connects again. If it lasts, check the network of this desk.
leg-stopped = The node has ended all sound here because it stops. Wait until it is back. Use text until then.

## Packets that are not sound

rtcp-wrong = A report on sound of { $size } bytes cannot be read. It is dropped, and the call goes on.
rtp-wrong = A packet of { $size } bytes is no sound. It is dropped, and the call goes on.
