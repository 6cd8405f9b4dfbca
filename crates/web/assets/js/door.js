// The only script of the console's door.
import { passkeys } from "./passkey.js";

passkeys();
