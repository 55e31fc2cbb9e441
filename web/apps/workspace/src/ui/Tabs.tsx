import type { ReactNode } from "react";
import { Tab, TabList, TabPanel, Tabs as Base } from "react-aria-components/Tabs";

export interface TabOf {
  readonly id: string;
  readonly title: ReactNode;
  readonly panel: ReactNode;
}

export function Tabs({ label, tabs, selected, onSelect }: { label: string; tabs: readonly TabOf[]; selected?: string; onSelect?: (id: string) => void }) {
  const state = { ...(selected === undefined ? {} : { selectedKey: selected }), ...(onSelect === undefined ? {} : { onSelectionChange: (key: string | number) => onSelect(String(key)) }) };
  return (
    <Base className="tabs" {...state}>
      <TabList aria-label={label} className="tab-list">
        {tabs.map((tab) => (
          <Tab key={tab.id} id={tab.id} className="tab">
            {tab.title}
          </Tab>
        ))}
      </TabList>
      {tabs.map((tab) => (
        <TabPanel key={tab.id} id={tab.id} className="tab-panel">
          {tab.panel}
        </TabPanel>
      ))}
    </Base>
  );
}
