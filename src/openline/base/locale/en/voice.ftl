### Sound between two nodes.

voice-datagram-too-large = The other node sends sound in a datagram of { $size } bytes; at most { $limit } are allowed. It is dropped. Tell the technicians.
voice-datagram-wrong = A datagram of sound is wrong ({ $detail }). It is dropped and the call goes on. If it lasts, tell the technicians of both sides.
voice-failed = The voice process ends because of a fault ({ $where }: { $fault }). The node starts another one, which goes on with the calls. Tell the technicians.
voice-frame-wrong-size = A leg gives a frame of sound of { $size } bytes; 1 to { $limit } are possible. It is dropped. Lower the bit rate of the phone.
voice-too-many-paths = Voice uses at most { $limit } paths to one peer. This one is not used for voice. Nothing needs to be done.
voice-too-many-seats = At most { $limit } seats take part in one call. Nobody was added. Let somebody leave first.
voice-too-many-streams = The other node sends more than { $limit } voices at once. The newest is not heard. Ask the other side to close gates.
voice-trouble = A library in the voice process complains ({ $error }: { $detail }). One browser or phone may lose its sound and connect again. If it lasts, tell the technicians.
