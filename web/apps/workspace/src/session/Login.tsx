import { useState, type FormEvent } from "react";
import { useTexts } from "../texts/language.js";
import { Button } from "../ui/Button.js";
import { Checkbox, Field } from "../ui/Field.js";
import mark from "../mark.svg";
import { signIn, type Session, type SignInFailure } from "./session.js";
import "./login.css";

export function Login({ onSignedIn }: { onSignedIn: (session: Session) => void }) {
  const texts = useTexts();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [stay, setStay] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<SignInFailure | null>(null);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFailure(null);
    const outcome = await signIn(email, password, stay);
    setBusy(false);
    if ("session" in outcome) onSignedIn(outcome.session);
    else setFailure(outcome.failure);
  };
  return (
    <main className="login">
      <form className="login-card" onSubmit={submit} noValidate>
        <img className="login-mark" src={mark} alt="" width={44} height={44} />
        <h1>{texts.signInTitle}</h1>
        <Field label={texts.email} type="email" name="email" autoComplete="username" value={email} onChange={setEmail} autoFocus isRequired />
        <Field label={texts.password} type="password" name="password" autoComplete="current-password" value={password} onChange={setPassword} isRequired />
        <Checkbox isSelected={stay} onChange={setStay}>
          {texts.staySignedIn}
        </Checkbox>
        <p className="login-failure" role="alert">
          {failure === null ? "" : failure === "wrong" ? texts.signInFailed : failure === "unreachable" ? texts.signInUnreachable : failure.title}
        </p>
        <Button type="submit" variant="primary" isDisabled={email === "" || password === "" || busy}>
          {busy ? texts.signingIn : texts.signIn}
        </Button>
      </form>
    </main>
  );
}
