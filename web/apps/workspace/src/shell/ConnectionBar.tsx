import { WifiOff } from "lucide-react";
import { useAgent } from "@causerie/agent/react";
import { useEffect, useState } from "react";
import { useTexts } from "../texts/language.js";

/** A cut that heals at once is nobody's business. */
const GRACE_MS = 1_500;

/** Says that the server is not to be heard, and that nothing written meanwhile is lost. */
export function ConnectionBar() {
  const texts = useTexts();
  const isOnline = useAgent((state) => state.connection === "online");
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    if (isOnline) return setShown(false);
    const timer = setTimeout(() => setShown(true), GRACE_MS);
    return () => clearTimeout(timer);
  }, [isOnline]);
  return (
    <div className="connection" role="status">
      {isShown && (
        <p>
          <WifiOff size={14} aria-hidden />
          {texts.offline}
        </p>
      )}
    </div>
  );
}
