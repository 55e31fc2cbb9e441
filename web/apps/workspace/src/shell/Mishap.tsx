/** Holds back what goes wrong in a pane, so that the others go on. */

import { TriangleAlert } from "lucide-react";
import { Component, type ErrorInfo, type ReactNode } from "react";
import { useTexts } from "../texts/language.js";
import { Button } from "../ui/Button.js";
import { Empty } from "../ui/Empty.js";

interface Given {
  /** A pane of another name begins anew. */
  name: string;
  children: ReactNode;
}

export class Mishap extends Component<Given, { failed: string | null }> {
  override state = { failed: null };

  static getDerivedStateFromError(): { failed: string } {
    return { failed: "" };
  }

  override componentDidCatch(error: Error, info: ErrorInfo): void {
    console.error(error, info.componentStack);
    this.setState({ failed: this.props.name });
  }

  override componentDidUpdate(before: Given): void {
    if (this.state.failed !== null && before.name !== this.props.name) this.setState({ failed: null });
  }

  override render(): ReactNode {
    if (this.state.failed === null) return this.props.children;
    return <Failed again={() => this.setState({ failed: null })} />;
  }
}

function Failed({ again }: { again: () => void }) {
  const texts = useTexts();
  return (
    <section className="nothing-open" role="alert">
      <Empty icon={TriangleAlert} title={texts.mishap} hint={texts.mishapHint}>
        <Button size="small" onPress={again}>
          {texts.again}
        </Button>
      </Empty>
    </section>
  );
}
