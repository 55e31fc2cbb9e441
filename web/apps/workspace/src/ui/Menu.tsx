import { Check, type LucideIcon } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { Header, Menu as Base, MenuItem as BaseItem, MenuSection, MenuTrigger, Separator, type MenuItemProps, type MenuProps, type MenuSectionProps } from "react-aria-components/Menu";
import { Popover, type PopoverProps } from "react-aria-components/Popover";

export { MenuTrigger, Separator as MenuSeparator };

type Given = Omit<MenuProps<object>, "className" | "style" | "children">;

/** A button (`trigger`) with a menu that opens at it. */
export function Menu({ trigger, placement = "bottom start", children, ...rest }: Given & { trigger: ReactElement; placement?: NonNullable<PopoverProps["placement"]>; children: ReactNode }) {
  return (
    <MenuTrigger>
      {trigger}
      <Popover className="popover" placement={placement} offset={6}>
        <Base {...rest} className="menu">
          {children}
        </Base>
      </Popover>
    </MenuTrigger>
  );
}

export interface ItemProps extends Omit<MenuItemProps, "className" | "style" | "children"> {
  icon?: LucideIcon | undefined;
  /** Small words at the end: a key, a count. */
  trailing?: ReactNode;
  description?: string | undefined;
  danger?: boolean;
  children: ReactNode;
}

export function MenuItem({ icon: Icon, trailing, description, danger = false, children, ...rest }: ItemProps) {
  return (
    <BaseItem {...rest} textValue={rest.textValue ?? (typeof children === "string" ? children : "")} className={`menu-item ${danger ? "danger" : ""}`}>
      {({ isSelected, selectionMode }) => (
        <>
          {Icon !== undefined && <Icon size={16} aria-hidden />}
          <span className="menu-item-words">
            {children}
            {description !== undefined && <small>{description}</small>}
          </span>
          {trailing !== undefined && <span className="menu-item-trailing">{trailing}</span>}
          {selectionMode !== "none" && <Check className="menu-item-check" size={15} aria-hidden data-shown={isSelected || undefined} />}
        </>
      )}
    </BaseItem>
  );
}

export function MenuGroup({ title, children, ...rest }: Omit<MenuSectionProps<object>, "className" | "style" | "children"> & { title: string; children: ReactNode }) {
  return (
    <MenuSection {...rest} className="menu-group">
      <Header>{title}</Header>
      {children}
    </MenuSection>
  );
}
