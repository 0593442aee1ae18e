import { render } from "preact";
import "./style/fonts.css";
import "./style/tokens.css";
import "./style/base.css";
import { keepWatch, whoSitsHere } from "./state/console";
import { chosenLanguage } from "./state/settings";
import { keepSound } from "./state/sound";
import { keepTalking } from "./state/talking";
import { App } from "./view/App";
import { readInvitation } from "./view/SignIn";
import { speak } from "./words/sentences";

const place = document.getElementById("console");
if (!place) throw new Error("index.html has no place for the console");

await speak(chosenLanguage());
readInvitation();
render(<App />, place);
keepWatch();
keepTalking();
keepSound();
await whoSitsHere();
