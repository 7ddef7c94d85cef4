import type { ControlItem } from '@caravan/data-plane';
import { INSTALLATION, trustOf } from '../model/anchors.js';
import { isControlTold } from '../model/control.js';
import { CONTROL } from '../model/item-ids.js';
import type { Model } from '../model/model.js';

export const controlOf = (model: Model): ControlItem[] =>
  isControlTold(model)
    ? [{ kind: 'control', id: CONTROL, trust: trustOf(model, 'management', INSTALLATION).trust }]
    : [];
