# Desk phones.

## Who they are, and where

phone-registered = The phone { $phone } is here, at { $address } over { $tls }. It can be rung.
phone-left = The phone { $phone } is not here any more. It cannot be rung until it comes back.
phone-not-registered = The phone { $phone } is not here, so it cannot be rung. Check that it has power and network.
phone-password-wrong = Somebody at { $address } gives a wrong password for the phone { $phone }. It is not let in. Correct it at the phone, or ask who it was.
phone-passwords-too-many = Too many wrong passwords come from { $address }. For some time none is listened to. Ask who it was.
phone-address-not-allowed = The phone { $phone } calls from { $address }, where it may not be. It is not let in. Ask who moved it.
phone-name-differs = The phone { $phone } at { $address } gives another name than its password belongs to. It is not let in. Correct it at the phone.
phones-wrong = The list of phones has a name twice, or more than { $limit } phones ({ $count } now). Correct openline.toml, then start the node again.
phones-cannot-listen = The node cannot answer phones at { $address } ({ $detail }). Correct openline.toml, then start the node again.

## How their sound goes

phone-srtp = The sound between this phone and our node is protected by SRTP.
phone-plain-on-our-lan = The sound between this phone and our node is not protected. It stays on our own network.
phone-sound-unprotected = The phone would send its sound without protection from outside our network, or keys in the clear. The call is refused. Switch on TLS and SRTP at the phone.
phone-sound-elsewhere = The phone wants its sound at { $address }, which is not on our network. The call is refused. Check the network settings of the phone.
phone-no-common-codec = The phone speaks neither Opus nor G.722 nor G.711. The call is refused. Switch one of them on at the phone.
phone-offer-missing = The phone { $phone } calls and does not say how its sound would go. The call is refused. Switch off "late offer" at the phone.
phone-no-port = No port is left for the sound of another phone at { $address }. The call is refused. End another call first.

## How a call ends

phone-hung-up = The phone hung up.
phone-busy = The phone is busy.
phone-declined = The call was declined at the phone.
phone-refused = The phone could not take the call. Check its settings for sound.
phone-no-answer = Nobody picked up the phone.
phone-gone = The phone does not answer any more. Check that it has power and network.
phone-on-hold = The phone has put the call on hold. It is heard again when it takes the call back.
phone-ring-cancelled = The ringing was stopped.
phones-stopped = The node no longer answers phones. The call is over.

## What strangers and broken phones send

sip-wrong = What was sent to the phone port cannot be used ({ $detail }). It is ignored. If a phone of ours sent it, renew its software.
sip-flood = Too much comes from { $address } to the phone port. The rest is not listened to until it stops. Find out what stands there.
sip-not-our-lan = Somebody at { $address }, outside our network, calls the phone port. He is not answered. Close the port in the firewall.
sip-crowded = More comes to the phone port than can be worked off; what { $address } sent is dropped. Phones try again by themselves.
sip-lines-left-out = More lines of the kind { $kind } are left out of the log for now. Look at those before.
sdp-wrong = What the phone says about its sound cannot be used ({ $detail }). The call is refused. Check the settings of the phone.

## Their rows in openline.toml

phone-name-taken = There is a phone { $phone } already. Choose another name, or remove that one first with `openline phone remove`.
phone-unknown = { $file } has no phone { $phone }. See `openline phone list`.
phone-change-by-hand = { $file } is written so that the phone { $phone } cannot be found in it. Change its rows there by hand.
phone-realm-differs = The node takes passwords of the realm { $realm } only. Leave --realm out, or change realm under [phones] in openline.toml first.
phones-not-set-up = { $file } does not say where phones reach this node. Add [phones] with host and lan to it; docs/operating/phones.md shows how.
told-phone-password = Type this password into the phone now. It is shown once; the node keeps its digest only.
told-phone-restart = The node reads { $file } when it is started. Start it again.
told-phone-row = Add this row to openline.toml, then start the node again. Keep the file as secret as the password.
ask-phone-password = Password for the phone { $phone }
